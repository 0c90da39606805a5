import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

let cache: RedisCache | undefined;

const opened = (): RedisCache => {
	if (cache === undefined) throw new Error('open comes first');
	return cache;
};

serve({
	open: async (options: {readonly url: string; readonly ttl?: number; readonly deadline?: number}) => {
		cache = new RedisCache(options);
		await cache.ready(30_000);
	},
	set: ({key, value}: {readonly key: string; readonly value: unknown}) => opened().set(key, value),
	get: async ({key}: {readonly key: string}) => (await opened().get(key)) ?? null,
	delete: ({key}: {readonly key: string}) => opened().delete(key),
	clear: () => opened().clear(),
	/** Deletes and loads a key again and again; returns the longest time, and the number of loads. */
	loop: async ({key, rounds, loadMs}: {readonly key: string; readonly rounds: number; readonly loadMs: number}) => {
		let worstMs = 0;
		let loads = 0;
		for (let round = 0; round < rounds; round++) {
			const begun = performance.now();
			await opened().getOrSet(key, async () => {
				loads++;
				await new Promise((resolve) => setTimeout(resolve, loadMs));
				return round;
			});
			worstMs = Math.max(worstMs, performance.now() - begun);
			await opened().delete(key);
		}
		return {worstMs, loads};
	},
	/** Loads many keys at once; returns the number of loads. */
	loadMany: async ({keys, loadMs}: {readonly keys: number; readonly loadMs: number}) => {
		let loads = 0;
		await Promise.all(
			Array.from({length: keys}, (_, index) =>
				opened().getOrSet(
					`many:${index}`,
					async () => {
						loads++;
						await new Promise((resolve) => setTimeout(resolve, loadMs));
						return index;
					},
					// A caller waits no longer than that for another process. A busy machine takes long for so many.
					{hardTimeout: '1m'},
				),
			),
		);
		return loads;
	},
	/** Reads a key from memory until it has changed; returns when that was. */
	watch: async ({key, old}: {readonly key: string; readonly old: unknown}) => {
		while ((await opened().get(key)) === old) await new Promise((resolve) => setImmediate(resolve));
		return Number(process.hrtime.bigint()) / 1e6;
	},
	close: () => opened().close(),
});
