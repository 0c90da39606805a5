import {describe, expect, it, onTestFinished} from 'vitest';
import type {CoherenceEvent} from '../../../source/cache/api/types.js';
import {createAutoCoherence} from '../../../source/cache/create-auto-coherence.js';
import {AutoCoherence, type AutoCoherenceParts} from '../../../source/cache/memory/auto-coherence.js';
import type {TrackingWay} from '../../../source/cache/memory/node-tracking.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {fallBack, memoryEntry, untilInvalidated, untilStored, untilTracking} from '../support/states.js';

const fixture = redisFixture();
/** Chooses for a cache whose options have chosen, in milliseconds instead of minutes. */
const choose = (cache: RedisCache, warmUpMs = 0): readonly CoherenceEvent[] => {
	const {parts} = cache.internals;
	const memory = parts.settings.memory && {...parts.settings.memory, coherence: 'auto' as const};
	const sources = {...parts, settings: {...parts.settings, memory}};
	const auto = createAutoCoherence(sources, {windowMs: 200, stayMs: 200, maxStayMs: 60_000, warmUpMs});
	const events: CoherenceEvent[] = [];
	cache.on('coherence', (event) => events.push(event));
	onTestFinished(() => auto?.close());
	return events;
};

/** Another process writes, many keys a second, until the returned function is called. */
const writeMuch = (other: RedisCache): (() => void) => {
	const entries = Array.from({length: 50}, (_, index) => [`busy ${index}`, index] as const);
	const timer = setInterval(() => void other.setMany(entries).catch(() => {}), 50);
	onTestFinished(() => clearInterval(timer));
	return () => clearInterval(timer);
};

/** Reads some of what is written. */
const readSome = (cache: RedisCache): void => {
	const timer = setInterval(() => void cache.getMany(['busy 0', 'busy 1', 'busy 2']).catch(() => {}), 10);
	onTestFinished(() => clearInterval(timer));
};

/** Reads all of what is written, so rarely that most of it has changed each time. */
const readAll = (cache: RedisCache): void => {
	const keys = Array.from({length: 50}, (_, index) => `busy ${index}`);
	const timer = setInterval(() => void cache.getMany(keys).catch(() => {}), 100);
	onTestFinished(() => clearInterval(timer));
};

/** Reads keys that nobody writes, and of which memory has a fifth. */
const readMuch = async (cache: RedisCache): Promise<void> => {
	const keys = Array.from({length: 500}, (_, index) => `quiet ${index}`);
	await cache.setMany(keys.slice(0, 100).map((key) => [key, 1] as const));
	const timer = setInterval(() => void cache.getMany(keys).catch(() => {}), 20);
	onTestFinished(() => clearInterval(timer));
};

/** As many processes as listen to announcements. */
const openSubscribers = async (count: number): Promise<void> => {
	const subscribers = Array.from({length: count}, () => fixture.raw.duplicate({lazyConnect: false}));
	onTestFinished(() => {
		for (const subscriber of subscribers) subscriber.disconnect();
	});
	await Promise.all(subscribers.map((subscriber) => subscriber.subscribe('__redis__:invalidate')));
};

describe('a cache that chooses how Redis announces changes', () => {
	it('has its reads tracked at first', async () => {
		const cache = await fixture.open();
		await untilTracking(cache);
		expect(cache.stats().memory.coherence).toBe('tracked');
	});

	it('is announced nothing of what it sets, deletes and does not read', async () => {
		const cache = await fixture.open();
		await untilTracking(cache);
		await cache.set('first', 1);
		const {announced} = cache.internals.parts.hub.announcements;
		for (let index = 0; index < 20; index++) await cache.set(`k${index % 5}`, index);
		for (let index = 0; index < 5; index++) await cache.delete(`k${index}`);
		await untilInvalidated(cache, fixture.raw);
		// One for each lane, of the key by which the test knows that there are no others.
		expect(cache.internals.parts.hub.announcements.announced - announced).toBeLessThanOrEqual(2);
	});

	it('is announced no lease of others', async () => {
		const [cache, other] = [await fixture.open(), await fixture.open()];
		await untilTracking(cache);
		await untilTracking(other);
		await other.getOrSet('first', () => 1);
		await untilStored(other);
		const {announced} = cache.internals.parts.hub.announcements;
		for (let index = 0; index < 10; index++) await other.getOrSet(`k${index}`, () => index);
		await untilStored(other);
		await untilInvalidated(cache, fixture.raw);
		expect(cache.internals.parts.hub.announcements.announced - announced).toBeLessThanOrEqual(2);
	});

	it('is announced only tags and clears without a memory tier', async () => {
		const cache = await fixture.open({memory: false});
		expect(cache.internals.parts.tracking.way).toBe('bypass');
	});

	it('has its reads tracked while many processes write much else, and not afterwards', async () => {
		await openSubscribers(10);
		const cache = await fixture.open({memory: {coherence: 'broadcast'}, ttl: '1h', deadline: '5s'});
		const other = await fixture.open();
		await untilTracking(cache);
		const events = choose(cache);
		const stop = writeMuch(other);
		readSome(cache);
		await until(() => cache.stats().memory.coherence === 'tracked', 'its reads are tracked');
		expect(events).toEqual([{coherence: 'tracked', reason: expect.stringMatching(/^\d+ of \d+ announcements/)}]);
		await other.set('k', 'old');
		await until(async () => (await cache.getEntry('k'))?.source === 'memory', 'k is served from memory');
		await other.set('k', 'new');
		await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
		stop();
		await readMuch(cache);
		await until(() => cache.stats().memory.coherence === 'tracking', 'changes are broadcast again');
		await until(() => events.length === 2, 'that was told');
		expect(events[1]?.reason).toMatch(/^\d+ keys a second .*, 12 processes$/);
		await other.set('k', 'newer');
		await until(async () => (await cache.get('k')) === 'newer', 'the change is seen');
	});

	it('asks Redis for each read while memory would answer hardly any, and not afterwards', async () => {
		await openSubscribers(10);
		const cache = await fixture.open({memory: {coherence: 'tracked'}, ttl: '1h', deadline: '5s'});
		const other = await fixture.open();
		await untilTracking(cache);
		const events = choose(cache);
		const stop = writeMuch(other);
		readAll(cache);
		await until(() => cache.stats().memory.coherence === 'bypass', 'memory is bypassed');
		await until(() => events.length === 1, 'that was told');
		expect(events[0]).toEqual({
			coherence: 'bypass',
			reason: expect.stringMatching(
				/^memory answered \d+ of \d+ reads a second, and \d+ changes .*, to each of 12 processes$/,
			),
		});
		for (const value of [1, 2, 3]) {
			await other.set('k', value);
			expect(await cache.getEntry('k')).toMatchObject({value, source: 'redis'});
		}
		await cache.set('k', 'own');
		expect(await cache.getEntry('k')).toMatchObject({value: 'own', source: 'redis'});
		stop();
		await until(() => cache.stats().memory.coherence === 'tracked', 'its reads are tracked again');
		await until(() => events.length === 2, 'that was told');
		expect(events[1]?.reason).toMatch(/^\d+ of \d+ reads a second found what memory had$/);
		await until(async () => (await cache.getEntry('k'))?.source === 'memory', 'k is served from memory');
		await other.set('k', 'new');
		await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
	});

	it('has in an outage what it read while memory was bypassed', async () => {
		const cache = await fixture.open();
		cache.internals.parts.tracking.use('bypass');
		await untilTracking(cache);
		const other = await fixture.open();
		await other.set('k', 'v', {tags: ['t']});
		const isKept = async () => (await cache.getEntry('k'))?.source === 'redis' && memoryEntry(cache, 'k') !== undefined;
		await until(isKept, 'k was read from Redis, and kept');
		fallBack(cache);
		expect(await cache.getEntry('k')).toMatchObject({value: 'v', source: 'memory'});
	});

	it('does not change its way for some calls of a few processes', async () => {
		const cache = await fixture.open({memory: {coherence: 'tracked'}});
		const other = await fixture.open({memory: {coherence: 'tracked'}});
		await untilTracking(cache);
		const events = choose(cache);
		const timer = setInterval(() => void other.set('k', 1).catch(() => {}), 150);
		onTestFinished(() => clearInterval(timer));
		let reads = 0;
		await until(
			async () => {
				await cache.get('k');
				return ++reads > 60;
			},
			'some windows are over',
			{everyMs: 40},
		);
		expect(events).toEqual([]);
	});

	itReal('chooses without the right to count processes', async () => {
		await fixture.raw.call('ACL', 'SETUSER', 'uncounted', 'on', 'nopass', '~*', '&*', '+@all', '-pubsub|numsub');
		const url = `redis://uncounted:any@127.0.0.1:${fixture.redis.port}`;
		const cache = await fixture.open({url, memory: {coherence: 'broadcast'}});
		await untilTracking(cache);
		const events = choose(cache);
		writeMuch(await fixture.open());
		await until(() => cache.stats().memory.coherence === 'tracked', 'its reads are tracked');
		expect(events[0]?.coherence).toBe('tracked');
	});

	it('does not bypass memory that was empty or unverified a moment ago', async () => {
		let [windows, calls, gaps] = [0, 0, 0];
		let hasGaps = true;
		const changes: string[] = [];
		const parts: AutoCoherenceParts = {
			tracking: {
				way: 'tracked',
				get state() {
					windows++;
					calls += 1000;
					if (hasGaps) gaps++;
					return {kind: 'tracking'};
				},
				use: () => {},
			},
			totals: () => ({
				...{announced: calls, useful: calls, calls, hits: 0, unchanged: 0, read: calls, batches: calls},
				...{set: 0, deleted: 0, loaded: 0},
			}),
			countProcesses: async () => 100,
			countGaps: () => gaps,
			onChange: ({to}) => changes.push(to),
		};
		const auto = new AutoCoherence(parts, {windowMs: 10, stayMs: 60_000, maxStayMs: 60_000, warmUpMs: 1000});
		onTestFinished(() => auto.close());
		await until(() => windows > 10, 'ten windows are over');
		expect(changes).toEqual([]);
		hasGaps = false;
		await until(() => changes.length > 0, 'memory has been warm for a second');
		expect(changes[0]).toBe('bypass');
	});

	describe('that has read many keys once, and reads no more', () => {
		/** @returns Changes of the way within ten windows after that. */
		const changesAfter = async (keys: number): Promise<readonly string[]> => {
			let read = 0;
			let windows = 0;
			let way: TrackingWay = 'tracked';
			const changes: string[] = [];
			const parts: AutoCoherenceParts = {
				tracking: {
					get way() {
						return way;
					},
					get state() {
						windows++;
						return {kind: 'tracking'};
					},
					use: (next) => {
						way = next;
					},
				},
				totals: () => ({
					...{announced: 0, useful: 0, calls: 2 * read, hits: read, read, batches: read},
					...{unchanged: 0, set: 0, deleted: 0, loaded: 0},
				}),
				countProcesses: async () => 3,
				countGaps: () => 0,
				onChange: ({to, facts}) => changes.push(`${to}, ${facts.remembered} remembered`),
			};
			const auto = new AutoCoherence(parts, {windowMs: 10, stayMs: 60_000, maxStayMs: 60_000, warmUpMs: 0});
			onTestFinished(() => auto.close());
			read = keys;
			await until(() => windows > 10, 'ten windows are over');
			return changes;
		};

		it('is broadcast to, if Redis has to remember more of them than memory may have', async () => {
			expect(await changesAfter(11_000)).toEqual(['broadcast, 11000 remembered']);
		});

		it('does not change its way if they are fewer', async () => {
			expect(await changesAfter(9000)).toEqual([]);
		});
	});
});
