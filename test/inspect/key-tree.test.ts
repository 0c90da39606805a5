import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {countKeys} from '../../source/inspect/keys/count-keys.js';
import {type KeyTreePage, keyTreePage, mergeKeyTree} from '../../source/inspect/keys/key-tree.js';
import {rankedKeys} from '../../source/inspect/keys/ranked-keys.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';

let redis: PrivateLane;
beforeAll(async () => {
	redis = await openPrivateLane();
});
afterAll(() => redis?.close());
beforeEach(() => redis.send('FLUSHALL'));

const fill = (count: number) =>
	redis.lane.send('EVAL', ["for i = 1, ARGV[1] do redis.call('SET', 'user:' .. i % 10 .. ':' .. i, i) end", 0, count]);

/** Page by page, with no time for more than one step each. */
async function wholeTree(prefix: string): Promise<{tree: KeyTreePage; pages: number}> {
	let tree = await keyTreePage(redis.lane, {prefix, budgetMs: 0});
	let pages = 1;
	while (tree.cursor !== undefined) {
		tree = mergeKeyTree(tree, await keyTreePage(redis.lane, {prefix, cursor: tree.cursor, budgetMs: 0}));
		pages++;
	}
	return {tree, pages};
}

describe('a tree of keys', () => {
	it('counts the keys of each group, and lists keys without a group', async () => {
		await redis.send('MSET user:1 a user:2 b user:2:name c order:1 d lonely e');
		const page = await keyTreePage(redis.lane);
		expect(page.groups).toEqual([
			{name: 'user:', prefix: 'user:', pattern: 'user:*', keys: 3, sizes: undefined},
			{name: 'order:', prefix: 'order:', pattern: 'order:*', keys: 1, sizes: undefined},
		]);
		expect(page.rows).toMatchObject([{key: 'lonely', type: 'string'}]);
		const below = await keyTreePage(redis.lane, {prefix: 'user:'});
		expect(below.groups).toMatchObject([{name: '2:', prefix: 'user:2:', keys: 1}]);
		expect(below.rows.map(({key}) => key).sort()).toEqual(['user:1', 'user:2']);
		expect(below.keys).toBe(3);
	});

	it('has pages that add up', async () => {
		await fill(3000);
		const {tree, pages} = await wholeTree('user:');
		expect(pages).toBeGreaterThan(3);
		expect(tree.groups).toHaveLength(10);
		expect(tree.groups.map(({keys}) => keys)).toEqual(Array.from({length: 10}, () => 300));
	});

	it('takes a prefix literally, whatever bytes it has', async () => {
		await redis.send('MSET a*b:1 x aXb:1 y');
		await redis.lane.send('SET', [Buffer.from('\xff:1', 'latin1'), 'z']);
		const page = await keyTreePage(redis.lane);
		for (const {prefix, pattern, keys} of page.groups) {
			expect((await keyTreePage(redis.lane, {prefix})).keys, prefix).toBe(keys);
			expect(await countKeys(redis.lane, pattern), pattern).toMatchObject({keys: 1, complete: true});
		}
		expect(page.groups.map(({name}) => name).sort()).toEqual(['"\\xff:"', 'a*b:', 'aXb:']);
	});

	it('splits names at any delimiter, of several characters too', async () => {
		await redis.send('MSET a/b/1 x a/c/2 x plain:1 x a::b x Zürich→Oerlikon x');
		const groupsAt = async (delimiter: string) =>
			(await keyTreePage(redis.lane, {delimiter})).groups.map(({prefix, keys}) => `${prefix} ${keys}`).sort();
		expect(await groupsAt('/')).toEqual(['a/ 2']);
		expect(await groupsAt('::')).toEqual(['a:: 1']);
		expect(await groupsAt('→')).toEqual(['Zürich→ 1']);
		const below = await keyTreePage(redis.lane, {delimiter: '/', prefix: 'a/'});
		expect(below.groups.map(({name}) => name).sort()).toEqual(['b/', 'c/']);
	});

	it('adds up memory and TTLs of groups when asked to, and over pages', async () => {
		await redis.lane.send('EVAL', [
			"for i = 1, 2000 do redis.call('SET', 'short:' .. i, i, 'PX', 100000 + i) redis.call('SET', 'mixed:' .. i, 'x') end",
			0,
		]);
		await redis.send('PEXPIRE mixed:7 50000');
		let tree = await keyTreePage(redis.lane, {withSizes: true, budgetMs: 0});
		while (tree.cursor !== undefined)
			tree = mergeKeyTree(tree, await keyTreePage(redis.lane, {withSizes: true, cursor: tree.cursor, budgetMs: 0}));
		const sizes = Object.fromEntries(tree.groups.map((group) => [group.name, group.sizes]));
		expect(sizes['short:']).toMatchObject({withoutTtl: 0});
		expect(sizes['short:']?.nextTtlMs).toBeGreaterThan(60_000);
		expect(sizes['mixed:']?.withoutTtl).toBe(1999);
		expect(sizes['mixed:']?.nextTtlMs).toBeLessThanOrEqual(50_000);
		// Each key takes some tens of bytes, on Valkey 9 thirty-two.
		expect(sizes['mixed:']?.bytes).toBeGreaterThan(2000 * 24);
	});

	it('counts the keys of further groups beyond its bound without listing them', async () => {
		await redis.lane.send('EVAL', ["for i = 1, 5000 do redis.call('SET', i .. ':x', i) end", 0]);
		const {tree} = await wholeTree('');
		expect(tree.groups).toHaveLength(2000);
		expect(tree.unlisted).toBe(3000);
	});
});

describe('keys by rank', () => {
	it('are the largest, or the first to expire, of all visited keys', async () => {
		await fill(2000);
		await redis.lane.send('SET', ['huge', 'x'.repeat(10_000)]);
		await redis.send('SET soon x PX 60000');
		await redis.send('SET later x PX 90000');
		const byTtl = await rankedKeys(redis.lane, {by: 'ttl', rows: 10, budgetMs: 10_000});
		expect(byTtl.rows.slice(0, 2).map(({key}) => key)).toEqual(['soon', 'later']);
		expect(byTtl.rows).toHaveLength(10);
		const bySize = await rankedKeys(redis.lane, {by: 'size', rows: 5, budgetMs: 10_000});
		expect(bySize.rows[0]?.key).toBe('huge');
		expect(bySize).toMatchObject({scanned: 2003, cursor: undefined});
	});

	it('continue where the time ran out', async () => {
		await fill(2000);
		const parts = [await rankedKeys(redis.lane, {by: 'size', budgetMs: 0})];
		for (let cursor = parts[0]?.cursor; cursor !== undefined; cursor = parts.at(-1)?.cursor)
			parts.push(await rankedKeys(redis.lane, {by: 'size', cursor, budgetMs: 0}));
		expect(parts.length).toBeGreaterThan(1);
		expect(parts.reduce((sum, {scanned}) => sum + scanned, 0)).toBeGreaterThanOrEqual(2000);
	});
});

describe('counting keys', () => {
	it('returns the number of matching keys and a sample, and is incomplete when the time runs out', async () => {
		await fill(2000);
		const all = await countKeys(redis.lane, 'user:3:*');
		expect(all).toMatchObject({keys: 200, complete: true});
		expect(all.sample).toHaveLength(10);
		expect(await countKeys(redis.lane, '*', {budgetMs: 0})).toMatchObject({complete: false});
	});
});
