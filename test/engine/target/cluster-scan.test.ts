import {expect, test} from 'vitest';
import {ClusterInspector} from '../../../source/engine/target/cluster/cluster-inspector.js';
import {ClusterNodes} from '../../../source/engine/target/cluster/cluster-nodes.js';
import type {Argument, Pool} from '../../../source/pool/types.js';

/** An inspector of masters that hold two steps of keys each. `masters` may be changed. */
function fakeCluster(masters: readonly string[]) {
	const cluster = {masters};
	const open = (address: string) => {
		const send = async (command: string, [cursor]: readonly Argument[]) => {
			if (command === 'SCAN') return String(cursor) === '0' ? ['77', [`${address} first`]] : ['0', [`${address} last`]];
			return cluster.masters.map((master, slot) => {
				const [host, port] = master.split(':');
				return [slot, slot, [host, Number(port)]];
			});
		};
		return {lanes: [{send}], ready: async () => undefined, close: async () => undefined} as unknown as Pool;
	};
	return {cluster, inspector: new ClusterInspector(new ClusterNodes(open), [...masters])};
}

/** A scan to its end. `onStep` is called after each of its steps, with the number of keys found so far. */
async function scan(inspector: ClusterInspector, onStep: (found: number) => Promise<void> | void = () => undefined) {
	const found: unknown[] = [];
	let cursor = '0';
	do {
		const [next, keys] = (await inspector.send('SCAN', [cursor])) as [string, readonly unknown[]];
		found.push(...keys);
		cursor = next;
		await onStep(found.length);
	} while (cursor !== '0');
	return found;
}

const keysOf = (...masters: readonly string[]) => masters.flatMap((master) => [`${master} first`, `${master} last`]);

test('a scan visits each master once', async () => {
	expect(await scan(fakeCluster(['b:1', 'a:1']).inspector)).toEqual(keysOf('a:1', 'b:1'));
});

test('a scan leaves no master out when an earlier one is replaced meanwhile', async () => {
	const {cluster, inspector} = fakeCluster(['a:1', 'b:1', 'c:1']);
	const found = await scan(inspector, async (count) => {
		if (count !== 3) return;
		cluster.masters = ['b:1', 'c:1', 'd:1'];
		// Begins another scan, which reads the masters again.
		await inspector.send('SCAN', ['0']);
	});
	expect(found.slice(0, 8)).toEqual(keysOf('a:1', 'b:1', 'c:1', 'd:1'));
});

test('a scan begins again when a failover has brought keys to a master that it has passed by', async () => {
	const {cluster, inspector} = fakeCluster(['b:1', 'c:1']);
	const found = await scan(inspector, (count) => {
		if (count === 3) cluster.masters = ['b:1', 'a:1'];
	});
	expect(new Set(found)).toEqual(new Set([...keysOf('b:1', 'a:1'), ...keysOf('c:1')]));
	// Once: the map of its second round is that of its end.
	expect(found).toEqual([...keysOf('b:1', 'c:1'), ...keysOf('a:1', 'b:1')]);
});

test('the cursor of a master that is gone is not used for the next one', async () => {
	const {cluster, inspector} = fakeCluster(['a:1', 'b:1']);
	const [cursor] = (await inspector.send('SCAN', ['0'])) as [string];
	expect(cursor).toMatch(/^\w{8}@a:1\/77$/);
	cluster.masters = ['b:1'];
	await inspector.send('SCAN', ['0']);
	const [next, keys] = (await inspector.send('SCAN', [cursor])) as [string, unknown];
	expect([next.split('@')[1], keys]).toEqual(['b:1/77', ['b:1 first']]);
});
