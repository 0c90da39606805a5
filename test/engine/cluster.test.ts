import {afterAll, beforeAll, describe, expect} from 'vitest';
import type {EngineSnapshot} from '../../source/engine/protocol.js';
import type {CommandReply} from '../../source/engine/specs/command-calls.js';
import type {KeyPage} from '../../source/inspect/keys/key-page.js';
import {verdictSentence} from '../../source/inspect/server/activity/verdict.js';
import {everyWrite, startTestEngine, type TestEngine} from '../support/engine.js';
import {itReal} from '../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../support/redis-cluster.js';
import {until} from '../support/until.js';

let cluster: RedisCluster;
let engine: TestEngine;

const names = Array.from({length: 30}, (_, index) => `user:${index}`);

beforeAll(async () => {
	cluster = await startRedisCluster();
	engine = await startTestEngine({url: cluster.url, consented: everyWrite});
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
	for (const name of names) await engine.ok(`redis SET ${name} x`);
});

afterAll(async () => {
	await engine?.close();
	await cluster?.close();
});

/** The keys of all pages. */
async function listed(pattern: string): Promise<string[]> {
	const found: string[] = [];
	let cursor: string | undefined = '0';
	while (cursor !== undefined) {
		const reply = await engine.run(`keys ${pattern} ${cursor} 5`);
		if (!reply.ok) throw new Error(reply.message);
		const page = reply.data as KeyPage;
		found.push(...page.rows.map(({key}) => key));
		cursor = page.cursor;
	}
	return found.sort();
}

describe('the engine on a cluster', () => {
	itReal('lists every key of every node once', async () => {
		for (const node of [0, 1, 2]) expect(Number(await cluster.ask(node, 'dbsize'))).toBeGreaterThan(3);
		expect(await listed('user:*')).toEqual([...names].sort());
		let inTree = 0;
		// A page ends by time as well.
		for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
			const reply: CommandReply = await engine.run(`tree user: ${cursor}`);
			const {data} = reply as CommandReply<'tree'> & {ok: true};
			inTree += data.keys;
			cursor = data.cursor;
		}
		expect(inTree).toBe(names.length);
		expect((await engine.ok('count user:*'))[0]).toBe(`${names.length} keys`);
	});

	itReal('tells type, TTL and size of keys on several nodes', async () => {
		const rows: KeyPage['rows'][number][] = [];
		// A page ends by time as well.
		for (let cursor: string | undefined = '0'; cursor !== undefined; ) {
			const reply: CommandReply = await engine.run(`top size user:* ${cursor}`);
			const {data} = reply as CommandReply<'top'> & {ok: true};
			rows.push(...data.rows);
			cursor = data.cursor;
		}
		expect(rows).toHaveLength(names.length);
		for (const row of rows) expect(row).toMatchObject({type: 'string', bytes: expect.any(Number)});
	});

	itReal('adds up the keys of all nodes', async () => {
		const sizes = await Promise.all([0, 1, 2].map(async (node) => Number(await cluster.ask(node, 'dbsize'))));
		await engine.until(
			({server}) => server?.keys === sizes.reduce((sum, size) => sum + size),
			'the snapshot counts the keys of all nodes',
		);
	});

	itReal('deletes keys in different slots, by name and by pattern', async () => {
		expect(await engine.ok(`remove ${names.slice(0, 10).join(' ')}`)).toEqual([
			'deleted 10 keys; :undo restores 10 keys',
		]);
		expect(await engine.ok('sweep user:*')).toEqual(['deleted 20 keys; :undo restores 20 keys']);
		expect(await listed('user:*')).toEqual([]);
	});

	itReal('reads, writes and deletes many keys at once through the cache', async () => {
		await engine.ok('set a 1');
		await engine.ok('set b 2');
		await engine.ok('set c 3');
		expect(await engine.ok('mget a b c')).toEqual(['a = 1', 'b = 2', 'c = 3']);
		expect(await engine.ok('del a b c')).toEqual(['deleted 3 keys in Redis']);
		expect(await engine.ok('mget a b c')).toEqual(['a = (miss)', 'b = (miss)', 'c = (miss)']);
	});

	itReal('breaks the connections to one node only, and shows which', async () => {
		const modes = () => (engine.latest().cache.nodes ?? []).map(({mode}) => mode.mode);
		await engine.until(({target}) => target.nodes?.length === 3, 'the numbers of the nodes');
		await engine.ok('outage node 2 refuse');
		await engine.until(() => modes().includes('fallback'), 'a node out of use');
		const {target, cache} = engine.latest();
		const lost = cache.nodes?.filter(({mode}) => mode.mode === 'fallback').map(({address}) => address);
		expect(lost).toEqual([target.nodes?.[1]?.address]);
		expect(cache.mode.mode).toBe('connected');
		await engine.ok('heal');
		await engine.until(() => modes().every((mode) => mode === 'connected'), 'all nodes in use');
	});

	itReal('sums what the nodes do, keeps it by node, and reads reports from each', async () => {
		const ports = cluster.nodes.map(({port}) => `127.0.0.1:${port}`).sort();
		await engine.until(
			({activity: {nodes, latest}}) => nodes.length === 3 && latest !== undefined,
			'figures of every node, and their sum',
		);
		const {activity, source, server} = engine.latest();
		expect(source).toBe('server');
		expect(activity.nodes.map(({address}) => address).sort()).toEqual(ports);
		const keys = activity.nodes.reduce((sum, {figures}) => sum + figures.keys, 0);
		expect(activity.latest?.keys).toBe(keys);
		expect(server?.keys).toBe(keys);
		// No application is connected, and an idle program counts for none, whichever node is asked.
		await engine.until(
			({activity: {nodes}}) => nodes.every(({figures}) => figures.commands === 0),
			'no command of an application on any node',
		);
		const reply = await engine.run('show memory');
		const {rows} = (reply as CommandReply<'show'> & {ok: true}).data;
		const titles = rows.filter(({level}) => level === 'title').map(({cells}) => cells[0] ?? '');
		expect(titles.filter((title) => title.startsWith('node '))).toEqual(ports.map((port) => `node ${port}`));
		expect(titles.at(-1)).toMatch(/^Biggest keys: /);
	});

	itReal('counts the hot keys of every node, and tells them by node', async () => {
		const before = await Promise.all([0, 1, 2].map((node) => cluster.ask(node, 'dbsize')));
		const counting = engine.run('hotkeys 700ms');
		// One of the nodes has the key; the others answer MOVED.
		const isCounted = until(
			async () => {
				for (const node of [0, 1, 2]) await cluster.ask(node, 'get', 'user:1').catch(() => undefined);
				return isDone;
			},
			'the sample is over',
			{everyMs: 10},
		);
		let isDone = false;
		const reply = await counting;
		isDone = true;
		await isCounted;
		const {rows} = (reply as CommandReply<'hotkeys'> & {ok: true}).data;
		expect(rows.filter(({level}) => level === 'title')).toHaveLength(3);
		// The cache of this program may use its own keys meanwhile.
		expect(rows.map(({cells}) => cells[0])).toContain('user:1');
		expect(await Promise.all([0, 1, 2].map((node) => cluster.ask(node, 'dbsize')))).toEqual(before);
	});

	itReal('asks for the first node as a word before it writes, once it has connected anew', async () => {
		await engine.ok(`connect ${cluster.url}`);
		const word = `127.0.0.1:${cluster.nodes[0]?.port}`;
		for (const line of ['redis SET theirs 1', 'sweep user:*', 'kill shop-api', 'hotkeys'])
			expect(await engine.refused(line), line).toContain(`confirm it with the word ${word}`);
		expect(await engine.refused('redis SET theirs 1', '127.0.0.1')).toContain(word);
		expect(await engine.ok('redis SET theirs 1', word)).toEqual(['OK']);
	});

	itReal('shows the nodes that answer when one is lost, and says which is missing', async () => {
		for (const name of names) await engine.ok(`redis SET ${name} x`, `127.0.0.1:${cluster.nodes[0]?.port}`);
		const lost = cluster.nodes[2];
		await lost?.close();
		const address = `127.0.0.1:${lost?.port}`;
		// The cluster notices it later than the program does, and refuses all keys from then on.
		const isKnown = ({activity: {verdict, missing, latest}}: EngineSnapshot) =>
			latest?.nodes === 2 &&
			verdict.problems.some(({id}) => id === 'cluster-down') &&
			missing[0]?.reason === 'connection refused';
		await engine.until(isKnown, 'the cluster is down');
		const {activity, server} = engine.latest();
		const sentence = verdictSentence(activity.verdict);
		expect(sentence).toContain(`2 of 3 nodes answer, without ${address} (connection refused)`);
		expect(sentence).toContain('the cluster refuses keys (CLUSTERDOWN), ');
		expect(activity.missing).toMatchObject([{address}]);
		expect(activity.nodes).toHaveLength(2);
		const left = await Promise.all([0, 1].map(async (node) => Number(await cluster.ask(node, 'dbsize'))));
		expect(server?.keys).toBe(left.reduce((sum, size) => sum + size));

		const reply = await engine.run('keys user:* 0 1000');
		const page = (reply as CommandReply<'keys'> & {ok: true}).data;
		expect(page.missing).toEqual([address]);
		expect(page.rows.length).toBeGreaterThan(5);
		expect(page.rows[0]).toMatchObject({type: '?', ttlMs: undefined});
		expect(await engine.ok('count user:*')).toContain(`without the keys of ${address}: the node does not answer`);
		const memory = (await engine.run('show memory')) as CommandReply<'show'> & {ok: true};
		const titles = memory.data.rows.filter(({level}) => level === 'title').map(({cells}) => cells[0] ?? '');
		expect(titles[0]).toBe(`node ${address} does not answer: connection refused`);
		// `{a}` is a key of the lost node, `{b}` of another one.
		const word = `127.0.0.1:${cluster.nodes[0]?.port}`;
		expect(await engine.refused('redis SET {a} 1', word)).toBe(
			`the node ${address} of the cluster does not answer: connection refused`,
		);
		expect(await engine.refused('redis SET {b} 1', word)).toMatch(/^CLUSTERDOWN/);

		// A program that is started now finds the same.
		await engine.ok(`connect ${cluster.url}`);
		await engine.until(({activity: {missing}}) => missing.length === 1, 'the missing node is known after a new start');
	});
});
