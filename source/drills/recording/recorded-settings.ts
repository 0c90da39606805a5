import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {type Drill, lifetimesOf} from '../drill.js';
import type {RecordedCacheSettings} from './drill-recording.js';

/** The settings of a drill's cache, with the defaults of the running cache. */
export function recordedCacheSettings(drill: Drill, {pool, memory, journal}: CacheSnapshot): RecordedCacheSettings {
	const {ttlMs, graceMs} = lifetimesOf(drill);
	return {
		ttlMs,
		graceMs,
		lanes: pool.lanes.length,
		maxEntries: memory.maxEntries,
		maxBytes: memory.maxBytes,
		journalMaxKeys: journal.limit,
	};
}
