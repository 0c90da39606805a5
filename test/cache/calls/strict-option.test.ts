import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {untilFallback} from '../support/states.js';

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

describe('the strict option of a call', () => {
	const strictCalls = Object.entries(calls).filter(([name]) => name !== 'getOrSet');
	for (const [name, call] of strictCalls) {
		it(`makes ${name} reject in fallback if true, and fall back if false`, async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy);
			const strictCache = await fixture.openBehind(proxy, {strict: true});
			proxy.add({kind: 'refuse'});
			for (const each of [cache, strictCache]) await untilFallback(each);
			expect((await settle(call(cache, wrong({strict: true})))).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
			expect((await settle(call(strictCache, wrong({})))).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
			expect((await settle(call(strictCache, wrong({strict: false})))).error).toBeUndefined();
		});
	}
});
