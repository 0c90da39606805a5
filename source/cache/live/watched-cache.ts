import type {CacheSnapshot, Mode} from '../../metrics/snapshot.js';
import type {LiveCall, LiveLoads, Notice, PublishedCache} from './messages.js';

/** A cache as its process offers it to viewers. */
export type WatchedCache = Omit<PublishedCache, 'id' | 'mode'> & {
	mode(): Mode;
	snapshot(): CacheSnapshot;
	loads(): LiveLoads;
	/** @returns A function that stops it. */
	listen(listener: (notice: Notice) => void): () => void;
	/** Rejects as the cache does. The value can be written as JSON. */
	call(call: LiveCall): Promise<unknown>;
};
