import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

let cache: RedisCache | undefined;
let loads = 0;

const opened = (): RedisCache => {
	if (cache === undefined) throw new Error('open comes first');
	return cache;
};

serve({
	open: async ({url}: {readonly url: string}) => {
		cache = new RedisCache({url, deadline: 1000});
		await cache.ready(30_000);
	},
	/** `callers` calls of one key at once; returns how often the loader ran here, and the values of the callers. */
	herd: async ({key, callers, loadMs}: {readonly key: string; readonly callers: number; readonly loadMs: number}) => {
		loads = 0;
		const values = await Promise.all(
			Array.from({length: callers}, () =>
				opened().getOrSet(key, async () => {
					loads++;
					await new Promise((resolve) => setTimeout(resolve, loadMs));
					return process.pid;
				}),
			),
		);
		return {loads, values: [...new Set(values)]};
	},
	/** Starts calls of every kind and closes the cache; returns how each of them ended. */
	closeUnderCalls: async () => {
		const never = () => new Promise<string>(() => {});
		const calls: readonly (readonly [string, Promise<unknown>])[] = [
			['getOrSet', opened().getOrSet('slow', never)],
			['getOrSet whose key was set meanwhile', opened().getOrSet('replaced', never)],
			['set', opened().set('replaced', 1)],
			['get', opened().get('a')],
			['set of another', opened().set('b', 1)],
			['delete', opened().delete('c')],
			['clear', opened().clear()],
			['getMany', opened().getMany(['d', 'e'])],
			['invalidateTags', opened().invalidateTags(['t'])],
		];
		const ends = calls.map(async ([name, call]) => [name, await call.then(() => 'resolved', outcome)] as const);
		await opened().close();
		return Promise.all(ends);
	},
	/** Closes while calls wait for a Redis that cannot be reached. */
	closeWhileUnready: async ({url}: {readonly url: string}) => {
		cache = new RedisCache({url});
		const ready = cache.ready('1h').then(() => 'resolved', outcome);
		const got = cache.get('a').then(() => 'resolved', outcome);
		await opened().close();
		return Promise.all([ready, got]);
	},
	justClose: () => opened().close(),
});

function outcome(error: Error): string {
	return error.name;
}
