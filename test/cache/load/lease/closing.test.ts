import fc from 'fast-check';
import {describe, expect, it, vi} from 'vitest';
import {localNow} from '../../../../source/cache/clock/local-now.js';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {ClosedError} from '../../../../source/pool/errors.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {settle} from '../../../support/gate.js';
import {itReal} from '../../../support/real-redis.js';
import {startRedisCluster} from '../../../support/redis-cluster.js';
import {until} from '../../../support/until.js';

const fixture = redisFixture();

const never = () => new Promise<never>(() => {});

const failing = async () => {
	throw new Error('the database is away');
};

const settled = (calls: readonly (Promise<unknown> | undefined)[]) => Promise.allSettled(calls);

/** Those of the keys that have a lease in Redis. */
const leased = async (keys: readonly string[]): Promise<readonly string[]> => {
	const tokens = await Promise.all(keys.map((key) => fixture.raw.getrange(`rct:default:${key}`, 56, 71)));
	return keys.filter((_, index) => Number(tokens[index]) > 0);
};

const keys = ['a', 'b', 'c', 'with a value', 'many 1', 'many 2'] as const;

const calls: Readonly<Record<string, (cache: RedisCache) => Promise<unknown>>> = {
	'a load without end': (cache) => cache.getOrSet('a', never),
	'a load that ends soon': (cache) => cache.getOrSet('b', () => 1),
	'a load with a tag': (cache) => cache.getOrSet('c', () => 1, {tags: ['t']}),
	'a load that fails': (cache) => cache.getOrSet('c', failing),
	'a reload': (cache) => cache.getOrSet('with a value', never, {fresh: true}),
	'loads of many': (cache) => cache.getOrSetMany(['many 1', 'a', 'many 2'], never),
	'a set': (cache) => cache.set('with a value', 2),
};

describe('close', () => {
	it('gives back the leases of loads that it aborts: another process loads at once', async () => {
		const [closing, other] = [await fixture.open({deadline: '20s'}), await fixture.open({deadline: '20s'})];
		await closing.set('stale', 'old', {ttl: 1, grace: '1h'});
		const names = ['k', 'stale', ...Array.from({length: 200}, (_, index) => `k${index}`)];
		const loads = settled(names.map((key) => closing.getOrSet(key, never, {fresh: true})));
		await until(() => closing.stats().loads.running === names.length, 'the loads run');
		expect(await leased(names)).toEqual(names);
		const next = other.getOrSet('k', () => 'loaded by the other');
		await until(() => other.internals.parts.flights.size === 1, 'the other one waits');
		await closing.close();
		expect(await leased(names.filter((key) => key !== 'k'))).toEqual([]);
		await loads;
		expect(await next).toBe('loaded by the other');
	});

	it('leaves no lease behind, at any moment', async () => {
		const order = fc.shuffledSubarray(Object.keys(calls), {minLength: 1});
		const turns = fc.integer({min: 0, max: 40});
		await fc.assert(
			fc.asyncProperty(order, turns, fc.boolean(), async (names, passed, looksFirst) => {
				const cache = await fixture.open({deadline: '20s'});
				await cache.set('with a value', 1, {tags: ['t']});
				if (looksFirst) cache.internals.parts.expectedMisses.expects = () => true;
				const open = settled(names.map((name) => calls[name]?.(cache)));
				for (let turn = 0; turn < passed; turn++) await new Promise(setImmediate);
				await cache.close();
				await open;
				expect(await leased(keys)).toEqual([]);
				await fixture.raw.flushall();
			}),
			{numRuns: 60},
		);
	});

	it.each([
		['stored its value', 'fill'],
		['failed, and was to give its lease back', 'release'],
	] as const)('gives back the lease of a load that has just %s', async (_, request) => {
		const cache = await fixture.open({deadline: '20s'});
		const {leases} = cache.internals.parts;
		let closed: Promise<void> | undefined;
		const original = leases[request].bind(leases) as (...args: unknown[]) => Promise<never>;
		leases[request] = (...args: unknown[]): Promise<never> => {
			const requested = original(...args);
			// What was to be sent in this turn is rejected.
			closed ??= cache.close();
			return requested;
		};
		await settle(cache.getOrSet<number>('a', request === 'fill' ? () => 1 : failing));
		await until(() => closed !== undefined, 'the cache is closed');
		await closed;
		expect(await leased(['a'])).toEqual([]);
	});

	it("wakes those who wait for another process's load before it reconciles", async () => {
		const [owner, closing] = [await fixture.open({deadline: '5s'}), await fixture.open({deadline: '20s'})];
		// Each renewal would wake it.
		owner.internals.parts.leases.keepAlive = () => () => {};
		const load = settled([owner.getOrSet('k', never)]);
		await until(() => owner.stats().loads.running === 1, 'the load runs');
		const {dirtyKeys, journal, hub} = closing.internals.parts;
		const waits = vi.spyOn(hub, 'waitForChange');
		const wait = settle(closing.getOrSet('k', never));
		await until(() => waits.mock.calls.length > 0, 'the other one waits');
		dirtyKeys.noteKey('rct:default:dirty', localNow() + 2000);
		const closed = closing.close();
		expect((await wait).error).toBeInstanceOf(ClosedError);
		expect(journal.size).toBe(1);
		await closed;
		expect(journal.size).toBe(0);
		await owner.close();
		await load;
	});

	it('does not wait to give leases back to a Redis that is not in use', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		const load = settle(cache.getOrSet('k', never));
		await until(() => cache.stats().loads.running === 1, 'the load runs');
		let sent = 0;
		proxy.add({kind: 'refuse'});
		await until(() => !cache.internals.isConnected, 'the cache falls back');
		const {scripts} = cache.internals.parts;
		const run = scripts.run.bind(scripts);
		scripts.run = (...args) => {
			sent++;
			return run(...args);
		};
		await cache.close();
		expect((await load).error).toBeInstanceOf(Error);
		expect(sent).toBe(0);
	});

	itReal('gives back the leases that each node of a cluster has', async () => {
		const cluster = await startRedisCluster();
		try {
			const names = Array.from({length: 30}, (_, index) => `k${index}`);
			const cache = fixture.create({url: cluster.url, deadline: '20s'});
			await cache.ready('30s');
			const loads = settled(names.map((key) => cache.getOrSet(key, never)));
			await until(() => cache.stats().loads.running === names.length, 'the loads run');
			await cache.close();
			await loads;
			const left = await Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'keys', '*:k*')));
			expect(left.flat().map(String)).toEqual([]);
		} finally {
			await cluster.close();
		}
	});
});
