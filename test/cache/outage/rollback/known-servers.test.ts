import {beforeEach, expect, it} from 'vitest';
import {KnownServers} from '../../../../source/cache/outage/rollback/known-servers.js';
import {clusterSlot} from '../../../../source/pool/cluster-slot.js';
import type {PoolNode} from '../../../../source/pool/types.js';

const nodeAt = (address: string): PoolNode => ({address, lanes: [], slots: 1, replicas: []});

/** The node that has the slots from a number on. */
let owners: (readonly [from: number, node: PoolNode])[] = [];

const pool = {
	topology: 'cluster' as const,
	get nodes() {
		return [...new Map(owners.map(([, node]) => [node.address, node])).values()];
	},
	nodeOf: (key: string) => owners.findLast(([from]) => clusterSlot(key) >= from)?.[1],
};

let servers: KnownServers;

beforeEach(() => {
	owners = [
		[0, nodeAt('a')],
		[8192, nodeAt('b')],
	];
	servers = new KnownServers(pool, 'beat');
	servers.checked('a', 'data of a');
	servers.checked('b', 'data of b');
});

it('has a beat on each node, and gives those of the nodes that have the changed keys', () => {
	expect(servers.beatKeys.map((key) => pool.nodeOf(key)?.address)).toEqual(['a', 'b']);
	const inA = ['x', 'y', 'z', 'q', 'r'].filter((key) => pool.nodeOf(key)?.address === 'a');
	expect([...servers.beatKeysFor(inA)]).toEqual([servers.beatKeys[0]]);
	expect(servers.beatKeysFor([]).size).toBe(0);
});

it('finds the server whose place a new one has taken, and forgets it once that was checked', () => {
	const [, beatKey = ''] = servers.beatKeys;
	owners[1] = [8192, nodeAt('replica')];
	expect(servers.predecessorOf('replica')).toEqual({dataSet: 'data of b', beatKeys: [beatKey]});
	servers.checked('replica', 'data of the replica');
	expect(servers.dataSetOf('b')).toBeUndefined();
	expect(servers.beatKeys).toContain(beatKey);
	owners[1] = [8192, nodeAt('b')];
	expect(servers.predecessorOf('b')).toEqual({dataSet: 'data of the replica', beatKeys: [beatKey]});
});

it('finds no predecessor of a node that was added', () => {
	owners.push([16_000, nodeAt('c')]);
	expect(servers.predecessorOf('c')).toBeUndefined();
});

it('trusts nothing on a new node if it is not known whose data it has', () => {
	owners = [
		[0, nodeAt('a')],
		[16_383, nodeAt('c')],
	];
	expect(servers.predecessorOf('c')).toEqual({dataSet: undefined, beatKeys: []});
});

it('takes another key for the beat of a node when the slot of the first has moved', () => {
	const [, before = ''] = servers.beatKeys;
	owners = [
		[0, nodeAt('a')],
		[clusterSlot(before) + 1, nodeAt('b')],
	];
	const name = ['x', 'y', 'z', 'q', 'r', 's', 't', 'u'].find((key) => pool.nodeOf(key)?.address === 'b') ?? '';
	const [after = ''] = servers.beatKeysFor([name]);
	expect(after).not.toBe(before);
	expect(pool.nodeOf(after)?.address).toBe('b');
});
