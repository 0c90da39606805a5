import {RedisCache} from '../../../source/cache/redis-cache.js';
import {ServerError} from '../../../source/pool/errors.js';
import {gate} from '../../support/gate.js';
import {freePort} from '../../support/redis-process.js';
import {serve} from '../../support/serve.js';
import {until} from '../../support/until.js';

type Options = {readonly url: string};

const never = () => new Promise<never>(() => {});

/** Brings a cache into a state, closes it, and waits until the calls that it had in progress have settled. */
const closing = async (cache: RedisCache, calls: readonly Promise<unknown>[] = []): Promise<void> => {
	const settled = Promise.allSettled(calls);
	await cache.close();
	await settled;
};

const connected = async (url: string): Promise<RedisCache> => {
	const cache = new RedisCache({url, deadline: '20s'});
	await cache.ready('30s');
	return cache;
};

serve({
	connecting: async () => {
		const cache = new RedisCache({url: `redis://127.0.0.1:${await freePort()}`, deadline: '20s'});
		await closing(cache, [cache.get('k'), cache.set('k', 1), cache.getOrSet('l', () => 1)]);
	},
	fallback: async () => {
		const cache = new RedisCache({url: `redis://127.0.0.1:${await freePort()}`, deadline: 20});
		await until(() => cache.stats().mode.mode === 'fallback', 'it falls back');
		await closing(cache, [cache.set('k', 1), cache.invalidateTags(['t'])]);
	},
	recovering: async ({url}: Options) => {
		const cache = await connected(url);
		const closes: Promise<void>[] = [];
		cache.on('mode', ({mode}) => {
			if (mode === 'recovering') closes.push(closing(cache));
		});
		for (const lane of cache.internals.pool.lanes) lane.reset('the test does it');
		await until(() => closes.length > 0, 'it recovers');
		await Promise.all(closes);
	},
	'waiting for the load of another process': async ({url}: Options) => {
		const [owner, waiter] = [await connected(url), await connected(url)];
		const load = owner.getOrSet('waited', never);
		await until(() => owner.stats().loads.running === 1, 'the load runs');
		const wait = waiter.getOrSet('waited', never);
		await until(() => waiter.internals.parts.flights.size === 1, 'the other one asks for the lease');
		await closing(waiter, [wait]);
		await closing(owner, [load]);
	},
	'waiting for an exclusive connection': async ({url}: Options) => {
		const cache = new RedisCache({url, pool: {checkouts: {max: 1, acquireTimeout: '20s'}}});
		await cache.ready('30s');
		const {promise, open} = gate();
		let isLent = false;
		const held = cache.withConnection(() => {
			isLent = true;
			return promise;
		});
		await until(() => isLent, 'the only connection is lent');
		const closed = closing(cache, [cache.withConnection(() => undefined)]);
		open();
		await Promise.all([held, closed]);
	},
	'any moment of connecting and of the first calls': async ({url}: Options) => {
		for (let turns = 0; turns < 60; turns += 2) {
			const cache = new RedisCache({
				url,
				deadline: '20s',
				loader: {hardTimeout: '1h'},
				pool: {checkouts: {acquireTimeout: '1h'}},
			});
			const calls = [
				cache.ready('1h'),
				cache.get('k'),
				cache.set('k', 1, {tags: ['t']}),
				cache.getOrSet('loaded', never),
				cache.getOrSetMany(['loaded', 'also loaded'], never),
				cache.withConnection((connection) => connection.send('BLPOP', ['nothing', 0], {deadline: '1h'})),
				cache.invalidateTags(['t']),
			];
			for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
			await closing(cache, calls);
		}
	},
	'a lost lease read': async ({url}: Options) => {
		const cache = await connected(url);
		await cache.set('warm', 1);
		cache.internals.parts.expectedMisses.expects = () => true;
		const value = cache.getOrSet('lost', never);
		await new Promise(setImmediate);
		for (const lane of cache.internals.pool.lanes) lane.reset('the test does it');
		await closing(cache, [value]);
	},
	'a slot that moves': async ({url}: Options) => {
		const cache = await connected(url);
		const {scripts, hub} = cache.internals.parts;
		const error = new ServerError('unavailable', 'TRYAGAIN', 'TRYAGAIN Multiple keys request during rehashing of slot');
		scripts.run = () =>
			Promise.resolve(
				cache.internals.isClosed
					? {status: 'refused', error: undefined, finalAt: 0, calls: 1}
					: {status: 'refused', error, finalAt: 0, calls: 1},
			);
		let isPausing = false;
		const waitForChange = hub.waitForChange.bind(hub);
		hub.waitForChange = (redisKey) => {
			isPausing = true;
			return waitForChange(redisKey, 3_600_000);
		};
		const invalidation = cache.invalidateTags(['t']);
		await until(() => isPausing, 'it waits for the end of the move');
		await closing(cache, [invalidation]);
	},
});
