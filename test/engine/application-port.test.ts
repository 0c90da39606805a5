import {expect, test} from 'vitest';
import {silentLog} from '../../source/engine/log/events-log.js';
import {openApplicationPort} from '../../source/engine/session/application/application-port.js';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {until} from '../support/until.js';

const listening = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

test('no port stays open for an application if the one without faults cannot be opened', async () => {
	const before = listening();
	const proxy = await startFaultProxy({});
	const address = '10.0.0.7:7000';
	let asked = 0;
	const servers = {
		seeds: () => [address],
		tls: () => ({}),
		/** The first port knows the servers, and the second one does not get to know them. */
		get known() {
			asked++;
			if (asked > 1) throw new Error('no port is free');
			return [address];
		},
	};
	const url = `rediss+cluster://${address}`;
	const target = {proxy, cacheUrl: url, directUrl: url, shownUrl: url, address: undefined};
	const opened = openApplicationPort(target, {port: undefined, hideKeys: false, servers}, silentLog);
	await expect(opened).rejects.toThrow('no port is free');
	await proxy.close();
	await until(() => listening() === before, 'every port to be closed');
});
