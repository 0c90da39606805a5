import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';

const fixture = redisFixture();

/** For arguments that only callers without TypeScript can pass. */
const wrong = (value: unknown): never => value as never;

type Call = (cache: RedisCache, options: never) => Promise<unknown>;

const calls: Readonly<Record<string, Call>> = {
	get: (cache, options) => cache.get('k', options),
	getEntry: (cache, options) => cache.getEntry('k', options),
	has: (cache, options) => cache.has('k', options),
	ttl: (cache, options) => cache.ttl('k', options),
	getMany: (cache, options) => cache.getMany(['k'], options),
	getOrSet: (cache, options) => cache.getOrSet('k', () => 1, options),
	set: (cache, options) => cache.set('k', 1, options),
	setMany: (cache, options) => cache.setMany([['k', 1]], options),
	delete: (cache, options) => cache.delete('k', options),
	deleteMany: (cache, options) => cache.deleteMany(['k'], options),
	expire: (cache, options) => cache.expire('k', '1m', options),
	touch: (cache, options) => cache.touch('k', options),
	invalidateTags: (cache, options) => cache.invalidateTags(['t'], options),
	clear: (cache, options) => cache.clear(options),
};

describe('a signal', () => {
	for (const name of ['get', 'getEntry', 'has', 'ttl', 'getMany', 'getOrSet'] as const) {
		it(`makes ${name} reject early`, async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy, {deadline: '10s'});
			proxy.add({kind: 'stall'});
			const controller = new AbortController();
			const call = calls[name]?.(cache, wrong({signal: controller.signal})) ?? Promise.resolve();
			const settled = settle(call);
			controller.abort(new Error('gave up'));
			const {error, ms} = await settled;
			expect(error).toMatchObject({message: 'gave up'});
			expect(ms).toBeLessThan(1000);
			proxy.heal();
		});

		it(`of another type makes ${name} reject`, async () => {
			const cache = await fixture.open();
			const call = calls[name]?.(cache, wrong({signal: new AbortController()})) ?? Promise.resolve();
			expect((await settle(call)).error).toMatchObject({
				code: 'ERR_INVALID_ARGUMENT',
				message: 'signal must be an AbortSignal, not object',
			});
		});
	}
});
