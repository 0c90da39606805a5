import {describe, expect, it} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {NotConnectedError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {freePort} from '../../support/redis-process.js';

const fixture = redisFixture();

describe('ready', () => {
	it('resolves when Redis is in use, and at once if it already is', async () => {
		const cache = fixture.create();
		await cache.ready();
		await cache.ready(1);
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('rejects with the reason, without the password, if Redis cannot be reached', async () => {
		const cache = fixture.create({url: `redis://me:sesame@127.0.0.1:${await freePort()}`});
		const {error, ms} = await settle(cache.ready(300));
		expect(error).toBeInstanceOf(NotConnectedError);
		expect((error as Error).message).toMatch(/ECONNREFUSED/);
		expect((error as Error).message).not.toContain('sesame');
		expect(ms).toBeLessThan(1500);
	});

	it('resolves later, once Redis has been started', async () => {
		const proxy = await fixture.proxy();
		proxy.add({kind: 'refuse'});
		const cache = fixture.create({url: `redis://${proxy.host}:${proxy.port}`});
		const ready = cache.ready('10s');
		expect(await cache.set('k', 1)).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe(1);
		proxy.heal();
		await ready;
		expect(await cache.set('k', 2)).toEqual({stored: 'redis'});
	});
});

describe('without a url option', () => {
	it('the cache uses REDIS_URL', async () => {
		const before = process.env.REDIS_URL;
		process.env.REDIS_URL = fixture.redis.url;
		const cache = new RedisCache();
		if (before === undefined) delete process.env.REDIS_URL;
		else process.env.REDIS_URL = before;
		await cache.ready();
		await cache.set('k', 'v');
		expect(await fixture.raw.exists('rct:default:k')).toBe(1);
		await cache.close();
	});
});
