import {createCache} from 'async-cache-dedupe';
import type {Redis} from 'ioredis';
import type {OpenPeer} from './peer.js';

type Stored = {readonly value: unknown; readonly ttlSeconds: number};
type Argument = {readonly key: string; readonly loader: () => unknown; readonly ttlMs: number};

/** The methods that the library does not declare. */
type Defined = {
	item(argument: Argument): Promise<Stored>;
	get(name: string, storageKey: string): Promise<Stored | undefined>;
	clear(name: string, argument: Pick<Argument, 'key'>): Promise<void>;
};

/**
 * async-cache-dedupe behind the common interface. It caches results of functions and has no `set`: a change is a `clear` of
 * the entry, after which the next call loads.
 */
export function asyncCacheDedupePeer(client: Redis): OpenPeer {
	const cache = createCache({storage: {type: 'redis', options: {client: client as never}}});
	const load = async ({loader, ttlMs}: Argument): Promise<Stored> => ({
		value: await loader(),
		ttlSeconds: Math.max(1, Math.round(ttlMs / 1000)),
	});
	cache.define(
		'item',
		{serialize: ({key}: Argument) => key, ttl: ({ttlSeconds}: Stored) => ttlSeconds} as never,
		load as never,
	);
	const defined = cache as unknown as Defined;
	return {
		get: async (key) => (await defined.get('item', `item~${key}`))?.value,
		getOrSet: async (key, loader, ttlMs) => (await defined.item({key, loader, ttlMs})).value,
		set: (key) => defined.clear('item', {key}),
		delete: (key) => defined.clear('item', {key}),
		close: async () => client.disconnect(),
	};
}
