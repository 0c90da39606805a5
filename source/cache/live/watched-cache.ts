import type {CacheSnapshot, Mode} from '../../metrics/snapshot.js';
import type {LiveCall, LiveLoads, Notice, PublishedCache} from './messages.js';

/** A cache that its process offers to viewers. */
export type WatchedCache = Omit<PublishedCache, 'id' | 'mode'> & {
	mode(): Mode;
	snapshot(): CacheSnapshot;
	loads(): LiveLoads;
	/** @returns A function that stops it. */
	listen(listener: (notice: Notice) => void): () => void;
	/** Rejects with the error of the cache. The value can be serialized as JSON. */
	call(call: LiveCall): Promise<unknown>;
};
