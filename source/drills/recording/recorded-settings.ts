import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {type Drill, lifetimesOf} from '../drill.js';
import type {RecordedSettings} from './drill-recording.js';

/** The settings in effect: those of the drill, with the defaults as the running cache and workload tell them. */
export function recordedSettings(
	drill: Drill,
	{pool, memory, journal}: CacheSnapshot,
	traffic: Pick<Drill['workload'], 'rate' | 'keys' | 'mix'>,
): RecordedSettings {
	const {ttlMs, graceMs} = lifetimesOf(drill);
	return {
		workload: {...drill.workload, ...traffic},
		cache: {
			deadlineMs: pool.deadlineMs,
			ttlMs,
			graceMs,
			lanes: pool.lanes.length,
			maxEntries: memory.maxEntries,
			maxBytes: memory.maxBytes,
			journalMaxKeys: journal.limit,
		},
	};
}
