import {setTimeout as sleep} from 'node:timers/promises';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';
import {type FleetCache, openRawCache} from './raw-cache.js';
import {type Counts, type Opening, type Traffic, writeShare} from './traffic.js';

const tickMs = 10;
/** A busy machine may take so many times as long. */
const patience = 5;
const value = 'x'.repeat(100);

let caches: readonly FleetCache[] = [];
let lastNew = 0;

async function openCache({url, coherence}: Opening): Promise<FleetCache> {
	if (coherence === 'raw' || coherence === 'bare') return openRawCache(url, coherence === 'raw');
	const memory = coherence === null ? {} : {memory: {coherence} as object};
	const cache = new RedisCache({url, ttl: '1h', deadline: '1s', ...memory});
	await cache.ready('30s');
	return {
		get: (key) => cache.get(key),
		set: (key, content) => cache.set(key, content),
		getOrSet: (key, load) => cache.getOrSet(key, load),
		counters: () => {
			const {hitsMemory, hitsRedis, misses, timeouts, errors, shed} = cache.stats().counters;
			return {hitsMemory, hitsRedis, misses, failed: timeouts + errors + shed};
		},
		close: () => cache.close(),
	};
}

const counters = (): Omit<Counts, 'calls'> => {
	const sum = {hitsMemory: 0, hitsRedis: 0, misses: 0, failed: 0};
	for (const cache of caches) {
		const {hitsMemory, hitsRedis, misses, failed} = cache.counters();
		sum.hitsMemory += hitsMemory;
		sum.hitsRedis += hitsRedis;
		sum.misses += misses;
		sum.failed += failed;
	}
	return sum;
};

/** The cube makes half of the calls go to an eighth of the keys. */
const someKey = (keys: number): string => `key:${Math.floor(keys * Math.random() ** 3)}`;

async function loadAside(cache: FleetCache, key: string): Promise<unknown> {
	return (await cache.get(key)) ?? cache.set(key, value);
}

function call(cache: FleetCache, {kind, keys}: Traffic): Promise<unknown> {
	if (kind === 'misses') return cache.getOrSet(`new:${process.pid}:${lastNew++}`, () => value);
	if (kind === 'aside') return loadAside(cache, `new:${process.pid}:${lastNew++}`);
	return Math.random() < writeShare ? cache.set(someKey(keys), value) : cache.get(someKey(keys));
}

serve({
	open: async (opening: Opening) => {
		caches = await Promise.all(Array.from({length: opening.caches}, () => openCache(opening)));
	},
	/** Stores every key once. */
	fill: ({keys}: {readonly keys: number}) =>
		Promise.all(Array.from({length: keys}, (_, index) => caches[0]?.set(`key:${index}`, value))),
	run: async (traffic: Traffic): Promise<Counts> => {
		const before = counters();
		const beganAt = performance.now();
		const pending: Promise<unknown>[] = [];
		// The same number of calls in ticks of the same size, however late they come: larger batches cost Redis less a call.
		const ticks = traffic.ms / tickMs;
		for (let tick = 1; tick <= ticks && performance.now() - beganAt < traffic.ms * patience; tick++) {
			const due = (traffic.rate * tick * tickMs) / 1000;
			while (pending.length < due) {
				const cache = caches[pending.length % caches.length] as FleetCache;
				pending.push(call(cache, traffic));
			}
			await sleep(tickMs);
		}
		await Promise.all(pending);
		const after = counters();
		return {
			calls: pending.length,
			hitsMemory: after.hitsMemory - before.hitsMemory,
			hitsRedis: after.hitsRedis - before.hitsRedis,
			misses: after.misses - before.misses,
			failed: after.failed - before.failed,
		};
	},
	close: () => Promise.all(caches.map((cache) => cache.close())).then(() => undefined),
});
