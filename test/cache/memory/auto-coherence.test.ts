import {describe, expect, it, onTestFinished} from 'vitest';
import type {CoherenceEvent} from '../../../source/cache/api/types.js';
import {createAutoCoherence} from '../../../source/cache/create-auto-coherence.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {itReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {untilTracking} from '../support/states.js';

const fixture = redisFixture();
const patient = {timeoutMs: 15_000};

/** Chooses for a cache whose options have chosen, in milliseconds instead of minutes. */
const choose = (cache: RedisCache, stayMs = 200): readonly CoherenceEvent[] => {
	const {parts} = cache.internals;
	const memory = parts.settings.memory && {...parts.settings.memory, coherence: 'auto' as const};
	const sources = {...parts, settings: {...parts.settings, memory}};
	const auto = createAutoCoherence(sources, {windowMs: 200, stayMs, maxStayMs: 60_000});
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

/** As many processes as listen to announcements. */
const openSubscribers = async (count: number): Promise<void> => {
	const subscribers = Array.from({length: count}, () => fixture.raw.duplicate({lazyConnect: false}));
	onTestFinished(() => {
		for (const subscriber of subscribers) subscriber.disconnect();
	});
	await Promise.all(subscribers.map((subscriber) => subscriber.subscribe('__redis__:invalidate')));
};

describe('a cache that chooses how Redis announces changes', () => {
	it('is broadcast to at first', async () => {
		const cache = await fixture.open();
		await untilTracking(cache);
		expect(cache.stats().memory.coherence).toBe('tracking');
	});

	it('has its reads tracked while many processes write much else, and not afterwards', async () => {
		await openSubscribers(10);
		const cache = await fixture.open({memory: {coherence: 'broadcast'}, ttl: '1h'});
		const other = await fixture.open();
		await untilTracking(cache);
		const events = choose(cache);
		const stop = writeMuch(other);
		readSome(cache);
		await until(() => cache.stats().memory.coherence === 'tracked', 'its reads are tracked', patient);
		expect(events).toEqual([{coherence: 'tracked', reason: expect.stringMatching(/^\d+ of \d+ .*, 12 processes$/)}]);
		await other.set('k', 'old');
		await until(async () => (await cache.getEntry('k'))?.source === 'memory', 'k is served from memory', patient);
		await other.set('k', 'new');
		await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
		stop();
		await until(() => cache.stats().memory.coherence === 'tracking', 'changes are broadcast again', patient);
		await until(() => events.length === 2, 'that was told');
		await other.set('k', 'newer');
		await until(async () => (await cache.get('k')) === 'newer', 'the change is seen');
	});

	it('does not change its way for two or three processes', async () => {
		const cache = await fixture.open({memory: {coherence: 'broadcast'}});
		await untilTracking(cache);
		const events = choose(cache);
		writeMuch(await fixture.open());
		const {announcements} = cache.internals.parts.hub;
		await until(
			() => cache.internals.parts.hub.announcements.announced - announcements.announced > 800,
			'much was told',
			patient,
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
		await until(() => cache.stats().memory.coherence === 'tracked', 'its reads are tracked', patient);
		expect(events[0]?.reason).not.toContain('processes');
	});
});
