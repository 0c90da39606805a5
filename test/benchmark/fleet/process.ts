import {setTimeout as sleep} from 'node:timers/promises';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

/** The settings of the caches of this process. */
export type Opening = {
	readonly url: string;
	readonly caches: number;
	/** `memory.coherence`; null: the default. */
	readonly coherence: string | null;
};

export type Traffic = {
	/** `mixed`: a tenth of the calls are sets, the others gets, on few popular and many rare keys. `misses`: `getOrSet` of new keys. */
	readonly kind: 'mixed' | 'misses';
	/** Calls a second of this process. */
	readonly rate: number;
	readonly ms: number;
	readonly keys: number;
};

export type Counts = {
	readonly calls: number;
	readonly hitsMemory: number;
	readonly hitsRedis: number;
	readonly misses: number;
	/** Calls that were answered without Redis. */
	readonly failed: number;
};

const tickMs = 10;
const writeShare = 0.1;
const value = 'x'.repeat(100);

let caches: readonly RedisCache[] = [];
let lastNew = 0;

const counters = (): Omit<Counts, 'calls'> => {
	const sum = {hitsMemory: 0, hitsRedis: 0, misses: 0, failed: 0};
	for (const cache of caches) {
		const {hitsMemory, hitsRedis, misses, timeouts, errors, shed} = cache.stats().counters;
		sum.hitsMemory += hitsMemory;
		sum.hitsRedis += hitsRedis;
		sum.misses += misses;
		sum.failed += timeouts + errors + shed;
	}
	return sum;
};

/** The cube makes half of the calls go to an eighth of the keys. */
const someKey = (keys: number): string => `key:${Math.floor(keys * Math.random() ** 3)}`;

function call(cache: RedisCache, {kind, keys}: Traffic): Promise<unknown> {
	if (kind === 'misses') return cache.getOrSet(`new:${process.pid}:${lastNew++}`, () => value);
	return Math.random() < writeShare ? cache.set(someKey(keys), value) : cache.get(someKey(keys));
}

serve({
	open: async ({url, caches: count, coherence}: Opening) => {
		const memory = coherence === null ? {} : {memory: {coherence} as object};
		caches = Array.from({length: count}, () => new RedisCache({url, ttl: '1h', deadline: '1s', ...memory}));
		await Promise.all(caches.map((cache) => cache.ready('30s')));
	},
	/** Stores every key once. */
	fill: ({keys}: {readonly keys: number}) =>
		caches[0]?.setMany(Array.from({length: keys}, (_, index) => [`key:${index}`, value])),
	run: async (traffic: Traffic): Promise<Counts> => {
		const before = counters();
		const beganAt = performance.now();
		const pending: Promise<unknown>[] = [];
		for (let elapsed = 0; elapsed < traffic.ms; elapsed = performance.now() - beganAt) {
			const due = (traffic.rate * elapsed) / 1000;
			while (pending.length < due) {
				const cache = caches[pending.length % caches.length] as RedisCache;
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
