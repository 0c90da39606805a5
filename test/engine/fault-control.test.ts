import {expect, it} from 'vitest';
import {EventsLog} from '../../source/engine/log/events-log.js';
import {FaultEvents} from '../../source/engine/log/fault-events.js';
import {FaultControl} from '../../source/engine/session/fault-control.js';
import {EchoProxyFixture} from '../support/proxy-fixtures.js';

const fixture = new EchoProxyFixture();

it('refuses more than 32 faults at once', async () => {
	const log = new EventsLog();
	const control = new FaultControl({proxy: fixture.proxy, server: undefined, events: new FaultEvents(log), log});
	for (let i = 0; i < 32; i++) await control.start({kind: 'latency', delayMs: 1});
	await expect(control.start({kind: 'latency', delayMs: 1})).rejects.toMatchObject({
		code: 'ERR_FAULT_REFUSED',
		message: '32 faults are in force already: heal some first',
	});
	expect(await control.lift()).toBe(32);
	control.close();
});
