import {setImmediate} from 'node:timers/promises';
import * as suite from '@keyv/test-suite';
import {createCache} from 'cache-manager';
import {Keyv} from 'keyv';
import {Keyv as Keyv6} from 'keyv6';
import * as vitest from 'vitest';
import {describe, expect, it} from 'vitest';
import {KeyvStore} from '../../source/adapters/keyv-store.js';
import type {RedisCache} from '../../source/index.js';
import {untilFallback} from '../cache/support/states.js';
import {redisFixture} from '../support/cache-fixture.js';

const fixture = redisFixture();

/** Keyv 6 resolves `deleteMany` with a boolean for each key, whatever the store returns. The suite is that of Keyv 5. */
const withoutDeleteMany: typeof vitest = {
	...vitest,
	it: ((title: string, run: () => Promise<void>) =>
		title.startsWith('.deleteMany([keys]) with nonexistent keys') ? undefined : it(title, run)) as typeof it,
};

/** A store that adds its calls to a set while they are in progress. */
const withKnownCalls = (store: KeyvStore, calls: Set<Promise<unknown>>): KeyvStore =>
	new Proxy(store, {
		get(target, name) {
			const member: unknown = Reflect.get(target, name, target);
			if (typeof member !== 'function') return member;
			return (...args: readonly unknown[]): unknown => {
				const result: unknown = member.apply(target, args);
				if (!(result instanceof Promise)) return result;
				calls.add(result);
				const end = () => calls.delete(result);
				result.then(end, end);
				return result;
			};
		},
		set: (target, name, value) => Reflect.set(target, name, value, target),
	});

for (const [name, Client, runner] of [
	['Keyv 5', Keyv, vitest],
	['Keyv 6', Keyv6 as unknown as typeof Keyv, withoutDeleteMany],
] as const) {
	describe(`Keyv's own test suite, with ${name}`, () => {
		let cache: RedisCache | undefined;
		const calls = new Set<Promise<unknown>>();
		vitest.afterEach(async () => {
			// Some tests of the suite do not wait for their calls, which closing the cache would let reject.
			while (calls.size > 0) {
				await Promise.allSettled(calls);
				await setImmediate();
			}
			cache = undefined;
		});
		/** The suite wants a new store for each Keyv, on the same data. */
		const store = (): KeyvStore => {
			cache ??= fixture.create({deadline: '5s'});
			return withKnownCalls(new KeyvStore(cache), calls);
		};
		suite.default(runner, Client, store);
	});

	describe(`a store of ${name}`, () => {
		it('stores what Keyv has no TTL for with that of the cache, and the rest with its own', async () => {
			const cache = await fixture.open({ttl: {default: '1h', jitter: 0}, deadline: '5s'});
			const keyv = new Client({store: new KeyvStore(cache), namespace: 'shop', useKeyPrefix: false});
			await keyv.set('a', 1);
			await keyv.setMany([
				{key: 'b', value: 2, ttl: 60_000},
				{key: 'c', value: 3},
			]);
			const shop = cache.namespace('shop');
			expect(await shop.ttl('a')).toBeGreaterThan(3_500_000);
			expect(await shop.ttl('b')).toBeLessThanOrEqual(60_000);
			expect(await shop.ttl('c')).toBeGreaterThan(3_500_000);
			expect(await keyv.getMany(['c', 'none', 'b'])).toEqual([3, undefined, 2]);
			expect(await keyv.hasMany(['c', 'none'])).toEqual([true, false]);
		});

		it('takes keys and namespaces that the cache does not', async () => {
			const cache = await fixture.open({deadline: '5s'});
			const url = `/search?q=${'x'.repeat(600)}`;
			const keyv = new Client({store: new KeyvStore(cache), namespace: 'pages of /search'});
			const other = new Client({store: new KeyvStore(cache), namespace: 'pages of /found'});
			await keyv.set(url, 'page');
			await keyv.set('two\nlines', 'text');
			expect([await keyv.get(url), await keyv.get('two\nlines')]).toEqual(['page', 'text']);
			expect([await keyv.get(`${url}x`), await other.get(url)]).toEqual([undefined, undefined]);
			await keyv.clear();
			expect(await keyv.get(url)).toBeUndefined();
		});

		it('settles each call while Redis is away, and a value deleted meanwhile does not come back', async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy);
			const store = new KeyvStore(cache);
			const keyv = new Client({store});
			const errors: unknown[] = [];
			keyv.on('error', (error: unknown) => errors.push(error));
			await keyv.set('gone', 'old');
			proxy.add({kind: 'refuse'});
			await untilFallback(cache);
			expect(await keyv.get('gone')).toBe('old');
			expect(await keyv.delete('gone')).toBe(true);
			expect(await keyv.set('new', 1)).toBe(true);
			expect([await keyv.get('gone'), await keyv.get('new')]).toEqual([undefined, 1]);
			expect(await keyv.getMany(['gone', 'never'])).toEqual([undefined, undefined]);
			proxy.heal();
			await cache.ready('30s');
			expect(await keyv.get('gone')).toBeUndefined();
			expect(errors).toEqual([]);
		});

		it('emits the errors of a strict cache', async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy, {strict: true});
			const keyv = new Client({store: new KeyvStore(cache)});
			const codes: unknown[] = [];
			keyv.on('error', ({code}: {readonly code: unknown}) => codes.push(code));
			proxy.add({kind: 'refuse'});
			await untilFallback(cache);
			expect(await keyv.set('a', 1)).toBe(false);
			expect(codes).toEqual(['ERR_UNAVAILABLE']);
		});
	});
}

describe('a store', () => {
	it('closes the cache that it created, and no other', async () => {
		const own = new KeyvStore({url: fixture.redis.url});
		await new Keyv({store: own}).disconnect();
		await expect(own.get('a')).rejects.toMatchObject({code: 'ERR_CLOSED'});
		const cache = await fixture.open();
		await new Keyv({store: new KeyvStore(cache)}).disconnect();
		expect(await cache.get('a')).toBeUndefined();
	});

	it('serves cache-manager', async () => {
		const cache = createCache({stores: [new Keyv({store: new KeyvStore(await fixture.open({deadline: '5s'}))})]});
		let loads = 0;
		const load = () => cache.wrap('user', async () => ({name: 'Ada', loads: ++loads}), 60_000);
		expect([await load(), await load()]).toEqual(Array(2).fill({name: 'Ada', loads: 1}));
		await cache.mset([{key: 'a', value: 1}]);
		expect(await cache.mget(['a', 'b'])).toEqual([1, undefined]);
		await cache.clear();
		expect(await cache.get('user')).toBeUndefined();
	});
});
