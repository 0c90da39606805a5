import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

let cache: RedisCache | undefined;

const opened = (): RedisCache => {
	if (cache === undefined) throw new Error('open comes first');
	return cache;
};

serve({
	async open({url, coherence}: {readonly url: string; readonly coherence: 'broadcast' | 'tracked'}) {
		cache = new RedisCache({url, ttl: '1h', memory: {coherence}, deadline: '5s'});
		await cache.ready('30s');
		while (opened().internals.parts.tracking.state.kind !== 'tracking')
			await new Promise((resolve) => setTimeout(resolve, 10));
	},
	/** Reads a key until its value comes from memory. */
	async keep(key: string) {
		while ((await opened().getEntry(key))?.source !== 'memory') await new Promise((resolve) => setImmediate(resolve));
	},
	/** Reads a key again and again until it has changed. @returns When that was, in ms of the clock that all processes share. */
	async watch({key, old}: {readonly key: string; readonly old: unknown}) {
		while ((await opened().get(key)) === old) await new Promise((resolve) => setImmediate(resolve));
		return Number(process.hrtime.bigint()) / 1e6;
	},
	idle: () => true,
	close: () => opened().close(),
});
