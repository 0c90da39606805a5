import {describe, expect, it} from 'vitest';
import {setScript} from '../../../source/cache/scripts/key-scripts.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {untilEnsured, untilReconciled} from '../support/states.js';

const fixture = redisFixture();

const keys = Array.from({length: 40}, (_, index) => `k${index}`);

/** Number of scripts that Redis has run. */
const scriptsRun = async (): Promise<number> => {
	const stats = String(await fixture.raw.info('commandstats'));
	return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
};

/** Calls of a command since the last `CONFIG RESETSTAT`. */
const callsOf = async (command: string): Promise<number> => {
	const stats = String(await fixture.raw.info('commandstats'));
	return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
};

const crossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";

describe('writes of one turn', () => {
	it('are sent as one command for each lane, and each call is answered', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h'});
		await cache.set('first', 1);
		await untilEnsured(cache);
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

	it('cost Redis no command beside a SET for each key, and the time once', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h', memory: false});
		await cache.set('first', 1);
		await untilEnsured(cache);
		const costOfSetting = async () => {
			await fixture.raw.config('RESETSTAT');
			await Promise.all(keys.map((key) => cache.set(key, key)));
			return {sets: await callsOf('set'), others: await callsOf('getrange'), times: await callsOf('time')};
		};
		// A heartbeat or a beat of the rollback detector in between is one more.
		let cost = await costOfSetting();
		await until(async () => {
			if (cost.sets + cost.times > 41) cost = await costOfSetting();
			return cost.sets + cost.times <= 41;
		}, 'nothing else to happen meanwhile');
		expect(cost).toEqual({sets: 40, others: 0, times: 1});
	});

	it('get versions that grow from one command to the next, without a look at the one before', async () => {
		await fixture.raw.script('LOAD', setScript.text);
		const pipeline = fixture.raw.pipeline();
		for (let index = 0; index < 200; index++)
			pipeline.evalsha(setScript.sha, 1, 'rct:default:k', '9000000000000000', 'rct2vj--', '1000', '0'.repeat(92));
		const versions = ((await pipeline.exec()) ?? []).map(([, reply]) => (reply as number[])[0] ?? 0);
		expect(versions).toHaveLength(200);
		for (const [index, version] of versions.entries()) expect(version).toBeGreaterThan(versions[index - 1] ?? 0);
	});

	it('of the same key keep their order', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h'});
		const reader = await fixture.open({memory: false});
		await Promise.all([cache.set('k', 1), cache.set('k', 2), cache.set('k', 3)]);
		expect(await reader.get('k')).toBe(3);
		await Promise.all([cache.set('k', 4), cache.delete('k')]);
		expect(await reader.get('k')).toBeUndefined();
		await Promise.all([cache.delete('k'), cache.set('k', 5)]);
		expect(await reader.get('k')).toBe(5);
	});

	it('may have any size and any bytes', async () => {
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

	it('are all executed by a Redis that has forgotten the script', async () => {
		const cache = await fixture.open({pool: {lanes: 1}, ttl: '1h', deadline: '5s'});
		await fixture.raw.script('FLUSH');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
		expect(cache.stats().journal.size).toBe(0);
	});

	it('fail one by one if Redis is full, and leave no old value', async () => {
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
		await untilReconciled(cache);
		expect([...(await reader.getMany(keys)).values()]).not.toContain('old');
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('are sent one by one if a script may not have keys of several slots', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}, ttl: '1h', deadline: '5s'});
		await cache.set('first', 1);
		await untilEnsured(cache);
		tap.answer(crossSlot, setScript.sha, '$2\r\n40\r\n');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
		// A heartbeat in between is one more.
		const setAllAgain = async () => {
			await fixture.raw.config('RESETSTAT');
			await Promise.all(keys.map((key) => cache.set(key, `${key}!`)));
			return scriptsRun();
		};
		await until(async () => (await setAllAgain()) === 40, 'each key to be set by a script of its own, and by no other');
		const reader = await fixture.open({memory: false});
		expect(await reader.getMany(keys)).toEqual(new Map(keys.map((key) => [key, `${key}!`])));
	});

	it('are sent one by one even if the script has to be loaded first', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}, ttl: '1h', deadline: '5s'});
		await cache.set('first', 1);
		await untilEnsured(cache);
		await fixture.raw.script('FLUSH');
		tap.answer(crossSlot, setScript.sha, '$2\r\n40\r\n');
		const set = await Promise.all(keys.map((key) => cache.set(key, key)));
		expect(set).toEqual(keys.map(() => ({stored: 'redis'})));
	});

	it('do not count as executed if the reply is a single number', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, pool: {lanes: 1}, ttl: '1h'});
		await cache.set('first', 1);
		await untilEnsured(cache);
		tap.answer(':1\r\n', setScript.sha);
		expect(await Promise.all([cache.set('a', 1), cache.set('b', 2)])).toEqual([{stored: 'memory'}, {stored: 'memory'}]);
	});
});

/** The reply of a script that has caught an error for its key, as Redis before 7 words it. */
const caught = (text: string): string => {
	const bytes = `@user_script: 18: -${text}\r\n`;
	return `*1\r\n$${bytes.length}\r\n${bytes}\r\n`;
};

it.each([
	["READONLY You can't write against a read only replica.", 'unavailable'],
	["OOM command not allowed when used memory > 'maxmemory'.", 'full'],
])('an error of Redis before 7 for one key of a script is understood: %s', async (text, kind) => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({url: tap.url, ttl: '1h'});
	await cache.set('first', 1);
	await untilEnsured(cache);
	tap.answer(caught(text), setScript.sha);
	const error = await cache.set('k', 1, {strict: true}).catch((reason: unknown) => reason);
	expect(error).toMatchObject({kind});
	expect(String(error)).not.toMatch(/\r|\n/);
});
