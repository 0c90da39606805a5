import {expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';

const fixture = redisFixture();

/** Milliseconds; longer than by default, for a busy machine, and too short for all values in one reply. */
const deadline = 500;
const options: CacheOptions = {deadline, codec: 'buffer', compression: false, memory: false, ttl: '1h'};
const value = Buffer.alloc(1024 * 1024, 'x');
const keys = Array.from({length: 200}, (_, index) => `k${index}`);

/** Everything that takes Redis, or one of its connections, out of use. */
const outagesOf = (cache: RedisCache): readonly string[] => {
	const outages: string[] = [];
	cache.on('mode', ({mode, reason}) => outages.push(`${mode}: ${reason}`));
	cache.on('pool', ({type, reason}) => outages.push(`${type}: ${reason}`));
	return outages;
};

it('200 values of a mebibyte are all found by one getMany, and do not take Redis out of use', async () => {
	await (await fixture.open({...options, deadline: '10s'})).set('k0', value, {strict: true});
	await Promise.all(keys.slice(1).map((key) => fixture.raw.copy('rct:default:k0', `rct:default:${key}`)));
	const cache = await fixture.open(options);
	const outages = outagesOf(cache);
	const found = await cache.getMany<Buffer>(keys);
	expect(found.size).toBe(keys.length);
	for (const bytes of found.values()) expect(bytes.equals(value)).toBe(true);
	expect(outages).toEqual([]);
});

it('fifty values of a mebibyte are set without taking Redis out of use', async () => {
	const cache = await fixture.open({...options, pool: {lanes: 1}});
	const outages = outagesOf(cache);
	let left: readonly string[] = keys.slice(0, 50);
	await until(async () => {
		const results = await Promise.all(left.map((key) => cache.set(key, value)));
		left = left.filter((_, index) => results[index]?.stored !== 'redis');
		return left.length === 0;
	}, 'all are set');
	expect(outages).toEqual([]);
});

it('an answer that trickles is an outage', async () => {
	const proxy = await fixture.proxy();
	await (await fixture.open(options)).set('k', value);
	const cache = await fixture.openBehind(proxy, options);
	proxy.add({kind: 'bandwidth', kbps: 50, direction: 'down'});
	await until(async () => {
		await cache.get('k');
		return cache.stats().mode.mode === 'fallback';
	}, 'it falls back');
});
