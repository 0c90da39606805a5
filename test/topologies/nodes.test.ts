import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {type TopologyKind, topologyKinds} from '../../source/embedded/topology/topology-kind.js';
import type {EngineSnapshot} from '../../source/engine/protocol.js';
import {everyWrite, startTestEngine, type TestEngine} from '../support/engine.js';
import {describeReal} from '../support/real-redis.js';

const nodeCount: Readonly<Record<TopologyKind, number>> = {cluster: 6, sentinel: 2};

const masterCount: Readonly<Record<TopologyKind, number>> = {cluster: 3, sentinel: 1};

const anAddress = /127\.0\.0\.1:\d+/g;

const nodesOf = ({target}: EngineSnapshot) => target.nodes ?? [];

/** The modes of the cache and, in a cluster, of the node at an address and of the other ones. */
function modesOf({cache: {mode, nodes = []}}: EngineSnapshot, address: string) {
	const of = (isAt: boolean) =>
		nodes.filter((node) => (node.address === address) === isAt).map((node) => node.mode.mode);
	return {cache: mode.mode, at: of(true), elsewhere: of(false)};
}

describeReal.each(topologyKinds)('faults on the nodes of --private %s', (topology) => {
	let engine: TestEngine;
	/** Another program that was given the URL of the same servers. */
	let other: TestEngine;

	beforeAll(async () => {
		engine = await startTestEngine({topology, workload: {running: true, rate: 200, keys: 500}});
		other = await startTestEngine({url: engine.latest().privateUrl ?? '', consented: everyWrite});
		await isHealthy();
	});

	afterAll(async () => {
		await other?.close();
		await engine?.close();
	});

	const until = (predicate: (snapshot: EngineSnapshot) => boolean, what: string) => engine.until(predicate, what);

	const isHealthy = async () => {
		await until(
			(snapshot) =>
				snapshot.cache.mode.mode === 'connected' &&
				(snapshot.cache.nodes ?? []).every((node) => node.mode.mode === 'connected') &&
				snapshot.cache.journal.size === 0 &&
				nodesOf(snapshot).length === nodeCount[topology] &&
				nodesOf(snapshot).filter(({role}) => role === 'master').length === masterCount[topology] &&
				nodesOf(snapshot).every(({role, lagBytes}) => role === 'master' || lagBytes !== undefined),
			'all nodes to be in use, and all replicas to be connected to their masters',
		);
		expect(engine.latest().workload.wrongReadExamples).toEqual([]);
		expect(engine.latest().workload).toMatchObject({wrongReads: 0, failedCalls: 0});
	};

	const addressOf = (number: number) => {
		const node = nodesOf(engine.latest()).find((each) => each.number === number);
		if (node === undefined) throw new Error(`there is no node ${number}`);
		return node.address;
	};

	const isLifted = () => until(({faults}) => faults.length === 0, 'the fault to be over');

	it('numbers the servers, masters first, and tells their roles, slots and lag', () => {
		const nodes = nodesOf(engine.latest());
		expect(nodes.map(({number}) => number)).toEqual(Array.from({length: nodeCount[topology]}, (_, index) => index + 1));
		expect(nodes.map(({role}) => role)).toEqual(
			nodes.map((_, index) => (index < masterCount[topology] ? 'master' : 'replica')),
		);
		const masters = nodes.filter(({role}) => role === 'master');
		for (const {master, role} of nodes)
			expect(masters.some(({address}) => address === master)).toBe(role === 'replica');
		const slots = masters.reduce((sum, each) => sum + (each.slots ?? 0), 0);
		expect(slots).toBe(topology === 'cluster' ? 16_384 : 0);
	});

	it('breaks the connections to one node, also of a Redis given by its URL, and names it', async () => {
		const address = addressOf(1);
		for (const each of [engine, other]) {
			await each.until(({target}) => (target.nodes?.length ?? 0) === nodeCount[topology], 'the nodes');
			expect(await each.ok('outage node 1 blackhole')).toEqual([`blackhole, on node 1 (${address}), until healed`]);
			expect(each.latest().target.kind).toBe(each === engine ? 'private' : 'external');
		}
		// Nothing runs on the other one but what keeps its lanes alive.
		for (const each of [engine, other]) {
			await each.until((snapshot) => {
				const modes = modesOf(snapshot, address);
				return topology === 'cluster'
					? modes.cache === 'connected' && modes.at[0] === 'fallback' && !modes.elsewhere.includes('fallback')
					: modes.cache === 'fallback';
			}, 'only that node to be out of use');
			expect(await each.ok('heal')).toEqual([`lifted blackhole, on node 1 (${address})`]);
		}
		await isHealthy();
	});

	it('leaves the cache alone when only replicas are cut off', async () => {
		const before = engine.latest().cache.modes.length;
		await engine.ok('outage node replica refuse');
		const {calls} = engine.latest().workload;
		await until(({workload}) => workload.calls > calls + 200, 'traffic');
		expect(engine.latest().cache.modes.length).toBe(before);
		await engine.ok('heal');
	});

	it('breaks the connections to all nodes when a fault names none', async () => {
		await engine.ok('outage refuse');
		await until(({cache}) => cache.mode.mode === 'fallback', 'the cache to be without Redis');
		await engine.ok('heal');
		await isHealthy();
		// Messages name the servers, not the ports in front of them.
		const known = new Set([
			...(engine.latest().privateUrl?.match(anAddress) ?? []),
			...nodesOf(engine.latest()).map(({address}) => address),
		]);
		const named = engine.events().flatMap(({text}) => text.match(anAddress) ?? []);
		expect(named.length).toBeGreaterThan(0);
		expect(named.filter((address) => !known.has(address))).toEqual([]);
	});

	it('freezes the process of the node that is named', async () => {
		const address = addressOf(1);
		await engine.ok('outage node 1 pause');
		expect(engine.latest().faults.length).toBeLessThanOrEqual(1);
		await until((snapshot) => {
			const {cache, at} = modesOf(snapshot, address);
			return topology === 'cluster' ? at[0] === 'fallback' : cache === 'fallback';
		}, 'the node to be out of use');
		expect(await engine.refused('outage node 77 pause')).toMatch(/^there is no node 77; there are the nodes 1 \(127/);
		expect(await engine.ok('heal')).toEqual([`lifted pause, on node 1 (${address})`]);
		await isLifted();
		await isHealthy();
	});

	it('keeps a replica from getting what its master writes', async () => {
		await engine.ok('outage node replica lag');
		await until(
			(snapshot) =>
				nodesOf(snapshot).filter(({role, lagBytes}) => role === 'replica' && lagBytes === undefined).length === 1,
			'one replica without a link to its master',
		);
		expect(await engine.refused('outage node replica lag')).toMatch(/^lag is not possible while lag is active/);
		await engine.ok('heal');
		await isHealthy();
	});

	it('cuts a master off from its Sentinels, which make its replica the master; nothing old is read then', async () => {
		if (topology === 'cluster') {
			expect(await engine.refused('outage split')).toBe(
				'split needs Sentinels: start the program with --private sentinel',
			);
			return;
		}
		const former = addressOf(1);
		await engine.ok('outage split');
		await until(
			(snapshot) => nodesOf(snapshot).some(({role, address}) => role === 'master' && address !== former),
			'another master',
		);
		await engine.ok('heal');
		await isHealthy();
		// A server keeps its number, whatever its role.
		expect(addressOf(1)).toBe(former);
		expect(nodesOf(engine.latest()).map(({role}) => role)).toEqual(['replica', 'master']);
	});

	it('moves slots to another master, and back', async () => {
		if (topology === 'sentinel') {
			expect(await engine.refused('outage reshard')).toMatch(/^reshard needs a cluster: start .* --private cluster$/);
			return;
		}
		const slotsOf = (snapshot: EngineSnapshot) => (snapshot.cache.nodes ?? []).map(({slots}) => slots);
		const before = slotsOf(engine.latest());
		await engine.ok('outage reshard');
		await until((snapshot) => Math.max(...slotsOf(snapshot)) >= 5461 + 500, 'slots to have moved');
		await engine.ok('heal');
		await until((snapshot) => slotsOf(snapshot).every((slots, index) => slots === before[index]), 'slots to be back');
		await isHealthy();
	});

	it('tells that a node is lost, before and after another one has taken its place, until it is back', async () => {
		const master = nodesOf(engine.latest()).find(({role, slots}) => role === 'master' && slots !== 0);
		if (master === undefined) throw new Error('there is a master');
		const isLost = (snapshot: EngineSnapshot) =>
			nodesOf(snapshot).some(({address, isLost: lost}) => address === master.address && lost);
		await engine.ok(`outage node ${master.number} kill`);
		await engine.until(isLost, 'the node to be lost');
		await engine.until(
			(snapshot) =>
				isLost(snapshot) &&
				nodesOf(snapshot).some(
					({address, role, slots}) => address === master.address && (role === 'replica' || slots === 0),
				),
			'another one to take its place',
		);
		// The node that is lost is not the one that a fault on the master means now.
		expect(await engine.ok('outage node master latency 1ms')).not.toEqual([expect.stringContaining(master.address)]);
		await engine.ok('heal');
		await engine.until((snapshot) => !isLost(snapshot), 'the node to be back');
	});

	it('refuses what is not possible, with a reason', async () => {
		expect(await other.refused('outage node 1 kill')).toMatch(/available only on a server that this program started/);
		const single = await startTestEngine({embedded: true});
		onTestFinished(() => single.close());
		expect(await single.refused('outage node 2 blackhole')).toMatch(
			/^blackhole, on node 2 is not possible here: this Redis is/,
		);
	});
});
