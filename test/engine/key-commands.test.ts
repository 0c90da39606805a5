import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startTestEngine, type TestEngine} from '../support/engine.js';

let engine: TestEngine;

beforeAll(async () => {
	engine = await startTestEngine();
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
});

afterAll(() => engine?.close());

const logged = (text: RegExp) =>
	engine.until(({events}) => events.some((event) => text.test(event.text)), `the log says ${text}`);

describe('commands on keys of Redis', () => {
	it('group them by prefix', async () => {
		await engine.ok('redis MSET shop:1 a shop:2 b');
		expect(await engine.ok('tree')).toContain('shop:  2 keys');
		expect(await engine.run('tree shop:')).toMatchObject({ok: true, data: {keys: 2, groups: [], cursor: undefined}});
	});

	it('list the largest', async () => {
		await engine.ok(`redis SET large ${'x'.repeat(5000)}`);
		expect((await engine.ok('top size'))[0]).toMatch(/^large {2}string/);
		expect(await engine.refused('top weight')).toMatch(/top size, or top ttl/);
	});

	it('edit a value, but for entries of the cache', async () => {
		await engine.ok('redis HSET user:1 name Ada');
		expect(await engine.ok('edit user:1 hset name Grace Ada')).toEqual(['changed']);
		expect(await engine.refused('edit user:1 hset name Bob Ada')).toMatch(/another client changed it/);
		expect(await engine.refused('edit user:1 hset name')).toBe(
			'hset needs two words; write: edit <key> hset <field> <value>',
		);
		// Bytes that are no text, as they are printed.
		expect(await engine.ok(String.raw`edit user:1 hset name "\xff\n" Grace`)).toEqual(['changed']);
		expect(await engine.ok('redis HGET user:1 name')).toEqual([String.raw`"\xff\n"`]);
		expect(await engine.refused('edit user:1 rename x')).toMatch(/^write one of these after the key: set, hset/);
		await engine.ok('set mine 1');
		expect(await engine.refused(`edit ${engine.latest().keyPrefix}mine set x`)).toMatch(/cache entry/);
	});

	it('change when a key expires', async () => {
		await engine.ok('redis SET short x');
		expect(await engine.ok('lifetime short 1m')).toEqual(['it expires in 60 s']);
		expect(await engine.ok('redis TTL short')).toEqual(['(integer) 60']);
		expect(await engine.ok('lifetime short never')).toEqual(['it does not expire']);
		expect(await engine.ok('redis TTL short')).toEqual(['(integer) -1']);
		expect(await engine.refused('lifetime nobody 1m')).toMatch(/no longer exists/);
	});

	it('delete keys, and those of the cache so that it knows', async () => {
		await engine.ok('set gone 1');
		await engine.ok('redis MSET other:1 a other:2 b');
		expect(await engine.ok(`remove ${engine.latest().keyPrefix}gone other:1 other:2`)).toEqual([
			'deleted 3 keys; :undo restores 2 keys',
		]);
		expect(await engine.ok('get gone')).toEqual(['(miss)']);
		expect(await engine.ok('count other:*')).toEqual(['0 keys']);
	});

	it('delete all keys of a pattern, with a line in the log', async () => {
		for (let index = 0; index < 30; index++) await engine.ok(`redis SET swept:${index} x`);
		await engine.ok('redis SET kept x');
		expect((await engine.ok('count swept:*'))[0]).toBe('30 keys');
		const told = logged(/^deleted 30 keys of swept:\*$/);
		expect(await engine.ok('sweep swept:*')).toEqual(['deleted 30 keys; :undo restores 30 keys']);
		await told;
		expect(await engine.ok('count swept:*')).toEqual(['0 keys']);
		expect(await engine.ok('redis EXISTS kept')).toEqual(['(integer) 1']);
		expect(await engine.ok('sweep stop')).toEqual(['no sweep is running']);
	});
});
