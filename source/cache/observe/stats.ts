import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {ttlBuckets} from '../../metrics/ttl-histogram.js';
import type {CacheCore} from '../core.js';
import {localNow} from '../support/server-clock.js';

/** Entries looked at for the histogram of TTLs: enough to be right within a few per cent, few enough to take no time. */
const sampleSize = 2000;

export function takeSnapshot(core: CacheCore): CacheSnapshot {
	const {settings, coherence, degradation, latency, reader} = core;
	return {
		at: Date.now(),
		startedAt: core.startedAt,
		mode: degradation.mode,
		modes: degradation.changes,
		counters: {...core.counters, batches: reader.counts.batches, batchedKeys: reader.counts.keys},
		memory: {
			...memoryInUse(core),
			maxEntries: settings.memory?.maxEntries ?? 0,
			maxBytes: settings.memory?.maxBytes ?? 0,
			coherence: settings.memory === undefined ? 'off' : coherence.state.kind === 'tracking' ? 'tracking' : 'ttl',
		},
		journal: core.journal.snapshot(),
		pool: core.pool.snapshot(),
		latency: {
			get: latency.get.summary(),
			set: latency.set.summary(),
			delete: latency.delete.summary(),
			load: latency.load.summary(),
		},
		pending: core.pending,
		ttl: ttlHistogram(core),
	};
}

function memoryInUse(core: CacheCore): {readonly entries: number; readonly bytes: number} {
	let entries = 0;
	let bytes = 0;
	for (const {tier} of core.spaces) {
		entries += tier?.size ?? 0;
		bytes += tier?.bytes ?? 0;
	}
	return {entries, bytes};
}

function ttlHistogram(core: CacheCore): CacheSnapshot['ttl'] {
	const now = localNow();
	const left: number[] = [];
	let total = 0;
	for (const {tier} of core.spaces) {
		total += tier?.size ?? 0;
		for (const entry of tier?.entries() ?? []) {
			if (left.length >= sampleSize) break;
			left.push(entry.freshUntil - now);
		}
	}
	return {source: 'memory', buckets: ttlBuckets(left), sampled: left.length, total, at: Date.now()};
}
