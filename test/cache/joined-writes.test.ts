import {describe, expect, it} from 'vitest';
import {setScript} from '../../source/cache/scripts/key-scripts.js';
import {redisFixture} from '../support/cache-fixture.js';
import {startTap} from '../support/tap.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const keys = Array.from({length: 40}, (_, index) => `k${index}`);

/** How often Redis has run scripts. */
const scriptsRun = async (): Promise<number> => {
	const stats = String(await fixture.raw.info('commandstats'));
	return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
};

const crossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";

describe('writes of one turn', () => {
	it('go to Redis as one command for each lane, and each is answered', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h'});
		await cache.set('first', 1);
		await fixture.raw.config('RESETSTAT');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
		expect(await scriptsRun()).toBe(1);
		const reader = await fixture.open({memory: false});
		expect(await reader.getMany(keys)).toEqual(new Map(keys.map((key) => [key, key])));
		await fixture.raw.config('RESETSTAT');
		const deleted = await Promise.all(keys.map((key) => cache.delete(key)));
		expect(deleted).toEqual(keys.map(() => ({stored: 'redis'})));
		expect(await scriptsRun()).toBe(1);
		expect(await reader.getMany(keys)).toEqual(new Map());
	});

	it('of one key keep their order', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h'});
		const reader = await fixture.open({memory: false});
		await Promise.all([cache.set('k', 1), cache.set('k', 2), cache.set('k', 3)]);
		expect(await reader.get('k')).toBe(3);
		await Promise.all([cache.set('k', 4), cache.delete('k')]);
		expect(await reader.get('k')).toBeUndefined();
		await Promise.all([cache.delete('k'), cache.set('k', 5)]);
		expect(await reader.get('k')).toBe(5);
	});

	it('may be of any size and any bytes', async () => {
		const cache = await fixture.open({
			pool: {lanes: 1},
			ttl: '1h',
			codec: 'buffer',
			compression: false,
			deadline: '5s',
		});
		const values = keys.map((_, index) => Buffer.alloc(index * 2000, index));
		expect(await cache.setMany(keys.map((key, index) => [key, values[index]]))).toEqual({stored: 'redis'});
		const reader = await fixture.open({memory: false, codec: 'buffer'});
		for (const [index, key] of keys.entries())
			expect(values[index]?.equals((await reader.get<Buffer>(key)) ?? Buffer.of(1, 2, 3))).toBe(true);
	});

	it('are all carried out by a Redis that has forgotten the script', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h'});
		await fixture.raw.script('FLUSH');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
		expect(cache.stats().journal.size).toBe(0);
	});

	it('are refused one by one by a Redis that is full, and leave no old value behind', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h'});
		const reader = await fixture.open({memory: false});
		await Promise.all(keys.map((key) => cache.set(key, 'old')));
		const kinds: unknown[] = [];
		cache.on('error', ({error}) => kinds.push((error as {kind?: string}).kind));
		await fixture.raw.config('SET', 'maxmemory', '1');
		try {
			const set = await Promise.all(keys.map((key) => cache.set(key, 'new')));
			expect(set).toEqual(keys.map(() => ({stored: 'memory'})));
			expect(kinds).toContain('full');
			expect(new Set(kinds)).toEqual(new Set(['full']));
		} finally {
			await fixture.raw.config('SET', 'maxmemory', '0');
		}
		await until(() => cache.stats().journal.size === 0, 'reconciled');
		expect([...(await reader.getMany(keys)).values()]).not.toContain('old');
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('go one by one where a script may not have keys of several slots', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}, ttl: '1h'});
		await cache.set('first', 1);
		tap.answer(crossSlot, setScript.sha, '$2\r\n40\r\n');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
		await fixture.raw.config('RESETSTAT');
		await Promise.all(keys.map((key) => cache.set(key, `${key}!`)));
		expect(await scriptsRun()).toBe(40);
		const reader = await fixture.open({memory: false});
		expect(await reader.getMany(keys)).toEqual(new Map(keys.map((key) => [key, `${key}!`])));
	});

	it('are carried out one by one also where the script has to be learnt first', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}, ttl: '1h'});
		await cache.set('first', 1);
		await fixture.raw.script('FLUSH');
		tap.answer(crossSlot, setScript.sha, '$2\r\n40\r\n');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
	});

	it('are not taken for carried out when one number is all that comes back', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}, ttl: '1h'});
		await cache.set('first', 1);
		tap.answer(':1\r\n', setScript.sha);
		expect(await Promise.all([cache.set('a', 1), cache.set('b', 2)])).toEqual([{stored: 'memory'}, {stored: 'memory'}]);
	});
});
