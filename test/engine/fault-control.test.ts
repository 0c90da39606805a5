import {expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import {EventsLog} from '../../source/engine/log/events-log.js';
import {FaultEvents} from '../../source/engine/log/fault-events.js';
import {FaultControl} from '../../source/engine/session/fault-control.js';
import {EchoProxyFixture} from '../support/proxy-fixtures.js';
import {until} from '../support/until.js';

const fixture = new EchoProxyFixture();

it('refuses more than 32 faults at once', async () => {
	const log = new EventsLog();
	const control = new FaultControl({proxy: fixture.proxy, server: undefined, events: new FaultEvents(log), log});
	for (let i = 0; i < 32; i++) await control.start({kind: 'latency', delayMs: 1});
	await expect(control.start({kind: 'latency', delayMs: 1})).rejects.toMatchObject({
		code: 'ERR_FAULT_REFUSED',
		message: '32 faults are active already: heal some first',
	});
	expect(await control.lift()).toBe(32);
	control.close();
});

it('acts on the node that a number stands for by then, and refuses nodes of a single server', async () => {
	const log = new EventsLog();
	const events = new FaultEvents(log);
	let address = '10.0.0.7:7000';
	const nodes = {addressOf: async () => address, numberOf: () => 2};
	const control = new FaultControl({proxy: fixture.proxy, server: undefined, nodes, events, log});
	await control.start({kind: 'latency', delayMs: 1, node: '2'});
	address = '10.0.0.8:7000';
	await control.start({kind: 'latency', delayMs: 1, node: '2'});
	await control.start({kind: 'latency', delayMs: 1});
	expect(control.active().map(({label}) => label)).toEqual([
		'latency 1 ms, on node 2 (10.0.0.7:7000)',
		'latency 1 ms, on node 2 (10.0.0.8:7000)',
		'latency 1 ms',
	]);
	await control.lift();
	control.close();
	const single = new FaultControl({proxy: fixture.proxy, server: undefined, events, log});
	expect(single.refusalOf({kind: 'refuse', node: 'master'})).toMatch(/^refuse, on the master is not possible here: /);
	await expect(single.start({kind: 'refuse', node: '2'})).rejects.toMatchObject({code: 'ERR_FAULT_REFUSED'});
	expect(single.active()).toEqual([]);
	single.close();
});

it('tells why a fault has failed after it was applied', async () => {
	const log = new EventsLog();
	const server = await startPrivateRedis({prefer: 'built-in'});
	const control = new FaultControl({proxy: fixture.proxy, server, events: new FaultEvents(log), log});
	await server.close();
	const {id} = await control.start({kind: 'restart'});
	await until(() => control.active().length === 0, 'the restart to be over');
	expect(control.failureOf(id)?.message).toMatch(/closed/);
	expect(control.failureOf(id + 1)).toBeUndefined();
	control.close();
});
