import {afterAll, beforeAll, expect, it} from 'vitest';
import {ask, isMaster} from '../../source/embedded/topology/ask.js';
import type {PrivateTopology} from '../../source/embedded/topology/private-topology.js';
import {startPrivateTopology} from '../../source/embedded/topology/start-private-topology.js';
import type {BreakableServer} from '../../source/faults/breakable-server.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

/** A loaded machine may need many times what an idle one does. */
describeReal('a reshard of a private cluster', () => {
	let topology: PrivateTopology;
	let servers: readonly BreakableServer[];

	beforeAll(async () => {
		topology = await startPrivateTopology('cluster');
		const addresses = topology.topologyUrl.replace(/.*@/, '').split(',');
		servers = await Promise.all(addresses.map((address) => topology.pick(address)));
	});

	afterAll(() => topology?.close());

	/** The slots of each server: ranges that it has, and marks such as `[7->-1a2b…]` of slots that are moving. */
	const slotsOf = async (server: BreakableServer): Promise<string> => {
		const lines = String(await ask(server, 'CLUSTER', 'NODES')).split('\n');
		return lines.find((line) => line.includes('myself'))?.replace(/.* connected ?/, '') ?? '';
	};
	const mastersOf = async () => {
		const roles = await Promise.all(servers.map((server) => isMaster(server)));
		return servers.filter((_, index) => roles[index]);
	};
	const areMoving = async (server: BreakableServer) => (await slotsOf(server)).includes('[');

	it('leaves no slot between two masters when a failover ends it', async () => {
		const from = await topology.pick(undefined);
		const [, to = from] = await mastersOf();
		const moving = from.together?.reshard?.();
		let isOver = false;
		const end = () => {
			isOver = true;
		};
		moving?.then(end, end);
		// On a fast machine all of it may be done before it is seen.
		await until(async () => isOver || (await areMoving(to)), 'slots to move');
		await from.together?.failover();
		await Promise.allSettled([moving]);
		for (const server of await mastersOf()) expect(await slotsOf(server)).not.toContain('[');
	});

	it('is undone while another master is down', async () => {
		const from = await topology.pick(undefined);
		const before = await slotsOf(from);
		const [, , third = from] = await mastersOf();
		const undo = await from.together?.reshard?.();
		expect(await slotsOf(from)).not.toBe(before);
		await third.kill();
		await undo?.();
		expect(await slotsOf(from)).toBe(before);
	});
});
