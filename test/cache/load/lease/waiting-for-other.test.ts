import {describe, expect, it, vi} from 'vitest';
import type {CacheOptions} from '../../../../source/cache/api/types.js';
import {maxLeaseMs} from '../../../../source/cache/load/lease/lease-length.js';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {leaseScript} from '../../../../source/cache/scripts/lease-scripts.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {gate} from '../../../support/gate.js';
import {itReal} from '../../../support/real-redis.js';
import {until} from '../../../support/until.js';
import {fallBack} from '../../support/states.js';

const fixture = redisFixture();

const key = 'rct:default:k';

const events = [
	['Redis goes out of use', async (waiting: RedisCache) => fallBack(waiting)],
	['Redis is flushed, and the lease is gone with all keys', () => fixture.raw.flushall()],
	['another client deletes the key', () => fixture.raw.del(key)],
	[
		'the lease is gone, and so is the connection that would have announced it',
		async () => {
			await fixture.raw.multi().call('CLIENT', 'KILL', 'TYPE', 'pubsub').del(key).exec();
		},
	],
	[
		'the lease is gone, and so are the connections whose reads Redis has remembered',
		async () => {
			await fixture.raw.multi().call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes').del(key).exec();
		},
	],
] as const;

const memories: readonly (readonly [string, Pick<CacheOptions, 'memory'>])[] = [
	['announced by broadcast', {memory: {coherence: 'broadcast'}}],
	['tracked', {memory: {coherence: 'tracked'}}],
	['bypassed', {memory: {coherence: 'tracked'}}],
	['off', {memory: false}],
];

/** The end of the wait must not be that of the lease: it lasts ten seconds, as that of a load that has taken five. */
describe.each(memories)(
	'callers that wait for the load of another process go on at once, with memory %s',
	(memory, options) => {
		it.for(events)('when %s', async ([, happen]) => {
			const [dead, waiting] = [await fixture.open(), await fixture.open(options)];
			if (memory === 'bypassed') waiting.internals.parts.tracking.use('bypass');
			await untilHeard(dead, waiting);
			await dead.set('warm', 1);
			await dead.internals.parts.scripts.run(leaseScript, key, [maxLeaseMs, 0, 0, 60_000, -1]);
			const {hub} = waiting.internals.parts;
			const waitForChange = hub.waitForChange.bind(hub);
			let isWaiting = false;
			hub.waitForChange = (redisKey, ms) => {
				if (ms > 1000) isWaiting = true;
				return waitForChange(redisKey, ms);
			};
			const value = waiting.getOrSet('k', () => 'loaded here');
			await until(() => isWaiting, 'it waits for the end of the lease');
			const happenedAt = performance.now();
			await happen(waiting);
			expect(await value).toBe('loaded here');
			expect(performance.now() - happenedAt).toBeLessThan(maxLeaseMs / 4);
		});
	},
);

/** Keys that Redis remembers to announce their next change. */
const remembered = async () => Number(/tracking_total_keys:(\d+)/.exec(await fixture.raw.info('stats'))?.[1]);

const untilHeard = async (...caches: readonly RedisCache[]) => {
	for (const {internals} of caches)
		await until(() => internals.parts.tracking.state.kind === 'tracking', 'Redis sends invalidations');
};

describe('without a memory tier', () => {
	const without = {memory: false, ttl: {default: '1h', jitter: 0}} as const;

	it('Redis remembers the keys that are waited for, and no others', async () => {
		const [loading, waiting] = [await fixture.open(without), await fixture.open(without)];
		await untilHeard(loading, waiting);
		const {promise, open} = gate<string>();
		const load = loading.getOrSet('k', () => promise);
		await until(async () => (await fixture.raw.exists(key)) === 1, 'it is being loaded');
		const value = waiting.getOrSet('k', () => 'loaded twice');
		await until(async () => (await remembered()) > 0, 'the key is remembered');
		await Promise.all(Array.from({length: 50}, (_, index) => waiting.get(`other:${index}`)));
		expect(await remembered()).toBeLessThanOrEqual(1);
		open('loaded once');
		expect(await load).toBe('loaded once');
		expect(await value).toBe('loaded once');
		expect(await remembered()).toBe(0);
	});

	itReal('it finds the value, too, if its user may not ask for announcements, and asks again later', async () => {
		await fixture.raw.acl('SETUSER', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-client|caching');
		const url = `redis://plain:x@${fixture.redis.host}:${fixture.redis.port}`;
		const patient = {...without, loader: {hardTimeout: '1m'}} as const;
		const [loading, waiting] = [await fixture.open(patient), await fixture.open({...patient, url})];
		await untilHeard(loading, waiting);
		const {promise, open} = gate<string>();
		const load = loading.getOrSet('k', () => promise);
		await until(async () => (await fixture.raw.exists(key)) === 1, 'it is being loaded');
		const {hub} = waiting.internals.parts;
		const waits = vi.spyOn(hub, 'waitForChange');
		const value = waiting.getOrSet('k', () => 'loaded twice');
		await until(() => waits.mock.calls.length > 1, 'it asks again and again');
		await fixture.raw.acl('SETUSER', 'plain', '+client|caching');
		await until(async () => (await remembered()) > 0, 'the key is remembered');
		open('loaded once');
		expect(await load).toBe('loaded once');
		expect(await value).toBe('loaded once');
	});

	it('what it reads stays remembered where Redis announces changes of what was read', async () => {
		const [loading, waiting] = [await fixture.open(without), await fixture.open({...without, pool: {lanes: 1}})];
		await untilHeard(loading, waiting);
		waiting.internals.parts.tracking.use('tracked');
		await untilHeard(waiting);
		const {promise, open} = gate<string>();
		const load = loading.getOrSet('k', () => promise);
		await until(async () => (await fixture.raw.exists(key)) === 1, 'it is being loaded');
		const {hub} = waiting.internals.parts;
		const waitForChange = hub.waitForChange.bind(hub);
		let waits = 0;
		hub.waitForChange = (redisKey, ms) => {
			waits += Number(ms > 100);
			return waitForChange(redisKey, ms);
		};
		const value = waiting.getOrSet('k', () => 'loaded twice');
		await until(() => waits > 0, 'it waits for the end of the lease');
		await loading.set('tagged', 'old', {tags: ['t']});
		expect(await waiting.get('tagged')).toBe('old');
		await loading.invalidateTags(['t']);
		await until(async () => (await waiting.get('tagged')) === undefined, 'it has heard of the invalidation');
		open('loaded once');
		expect(await load).toBe('loaded once');
		expect(await value).toBe('loaded once');
	});

	it.each([2, 200])(
		'reads and writes have their room on a lane for %i commands, however many keys are waited for',
		async (capacity) => {
			const loading = await fixture.open({...without, deadline: '10s'});
			const waiting = await fixture.open({...without, deadline: '10s', pool: {capacity, lanes: 1}});
			await untilHeard(loading, waiting);
			await waiting.set('warm', 1);
			const {promise, open} = gate();
			const keys = Array.from({length: 200}, (_, index) => `k${index}`);
			const loads = keys.map((each) =>
				loading.getOrSet(each, async () => {
					await promise;
					return each;
				}),
			);
			await until(
				async () => (await fixture.raw.exists(...keys.map((each) => `rct:default:${each}`))) === 200,
				'all are leased',
			);
			const {hub} = waiting.internals.parts;
			const waits = vi.spyOn(hub, 'waitForChange');
			const values = keys.map((each) => waiting.getOrSet(each, () => 'loaded twice'));
			await until(async () => {
				const [stored, value] = await Promise.all([waiting.set('own', 1), waiting.get('warm')]);
				expect(stored).toEqual({stored: 'redis'});
				expect(value).toBe(1);
				return new Set(waits.mock.calls.map(([redisKey]) => redisKey)).size === 200;
			}, 'all are waited for');
			open();
			expect(await Promise.all(values)).toEqual(keys);
			await Promise.all(loads);
			expect(waiting.stats().counters.errors).toBe(0);
		},
	);
});
