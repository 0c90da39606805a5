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

test('a scan leaves no master out when an earlier one is replaced meanwhile', async () => {
	const {cluster, inspector} = fakeCluster(['a:1', 'b:1', 'c:1']);
	const found: unknown[] = [];
	let cursor = '0';
	do {
		const [next, keys] = (await inspector.send('SCAN', [cursor])) as [string, readonly unknown[]];
		found.push(...keys);
		cursor = next;
		if (found.length === 3) {
			cluster.masters = ['b:1', 'c:1', 'd:1'];
			// Begins another scan, which reads the masters again.
			await inspector.send('SCAN', ['0']);
		}
	} while (cursor !== '0');
	expect(found).toEqual(['a:1', 'b:1', 'c:1', 'd:1'].flatMap((master) => [`${master} first`, `${master} last`]));
});

test('the cursor of a master that is gone is not used for the next one', async () => {
	const {cluster, inspector} = fakeCluster(['a:1', 'b:1']);
	expect(await inspector.send('SCAN', ['0'])).toEqual(['a:1/77', ['a:1 first']]);
	cluster.masters = ['b:1'];
	await inspector.send('SCAN', ['0']);
	expect(await inspector.send('SCAN', ['a:1/77'])).toEqual(['b:1/77', ['b:1 first']]);
});
