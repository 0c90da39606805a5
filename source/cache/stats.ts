import type {CacheSnapshot, MemorySnapshot} from '../metrics/snapshot.js';
import {ttlBuckets} from '../metrics/ttl-histogram.js';
import type {Pool} from '../pool/types.js';
import {unixNow} from '../time/real-time.js';
import {localNow} from './clock/local-now.js';
import type {ServerClocks} from './clock/server-clocks.js';
import type {Journal} from './journal/journal.js';
import type {Namespaces} from './keys/namespaces.js';
import type {LoaderSlots} from './load/limits/loader-slots.js';
import type {ClientTracking} from './memory/client-tracking.js';
import type {TrackingState} from './memory/node-tracking.js';
import type {Recorder} from './observe/recorder.js';
import type {Settings} from './options/settings.js';
import type {Availability} from './outage/availability.js';
import type {FailureDomains} from './outage/domains/failure-domains.js';
import type {Restrictions} from './outage/restrictions.js';
import type {MgetBatcher} from './read/mget/mget-batcher.js';

/** Entries sampled for the TTL histogram: enough for an error of a few percent, few enough to take no time. */
const sampleSize = 2000;

export type StatsParts = {
	readonly settings: Settings;
	readonly availability: Availability;
	readonly recorder: Recorder;
	readonly restrictions: Restrictions;
	readonly domains: () => FailureDomains;
	readonly clocks: ServerClocks;
	readonly namespaces: Namespaces;
	readonly tracking: ClientTracking;
	readonly batcher: MgetBatcher;
	readonly slots: LoaderSlots;
	readonly journal: Journal;
	readonly pool: Pool;
};

export function takeSnapshot(parts: StatsParts): CacheSnapshot {
	const {settings, availability, recorder, restrictions, tracking, batcher, slots, journal, pool} = parts;
	const {latency} = recorder;
	return {
		at: unixNow(),
		startedAt: recorder.startedAt,
		mode: availability.mode,
		modes: availability.changes,
		nodes: parts
			.domains()
			.snapshot()
			.map((node) => ({...node, coherence: coherenceOf(settings, tracking, tracking.stateAt(node.address))})),
		clockSpreadMs: parts.clocks.spreadMs,
		restrictions: restrictions.current,
		counters: {
			...recorder.counters,
			loadsRejected: slots.rejected,
			batches: batcher.counts.batches,
			batchedKeys: batcher.counts.keys,
		},
		memory: {
			...memoryUse(parts.namespaces),
			maxEntries: settings.memory?.maxEntries ?? 0,
			maxBytes: settings.memory?.maxBytes ?? 0,
			coherence: coherenceOf(settings, tracking, tracking.state),
		},
		loads: slots.snapshot(),
		journal: journal.snapshot(),
		pool: pool.snapshot(),
		latency: {
			get: latency.get.summary(),
			set: latency.set.summary(),
			delete: latency.delete.summary(),
			load: latency.load.summary(),
		},
		durations: {
			get: latency.get.histogram(),
			set: latency.set.histogram(),
			delete: latency.delete.histogram(),
			load: latency.load.histogram(),
		},
		pending: recorder.callsInProgress,
		ttl: ttlHistogram(parts.namespaces),
	};
}

function coherenceOf({memory}: Settings, {way}: ClientTracking, {kind}: TrackingState): MemorySnapshot['coherence'] {
	if (memory === undefined) return 'off';
	if (kind !== 'tracking') return 'ttl';
	return way === 'tracked' || way === 'bypass' ? way : 'tracking';
}

function memoryUse(namespaces: Namespaces): {readonly entries: number; readonly bytes: number} {
	let entries = 0;
	let bytes = 0;
	for (const {tier} of namespaces) {
		entries += tier?.size ?? 0;
		bytes += tier?.bytes ?? 0;
	}
	return {entries, bytes};
}

function ttlHistogram(namespaces: Namespaces): CacheSnapshot['ttl'] {
	const now = localNow();
	const left: number[] = [];
	let total = 0;
	for (const {tier} of namespaces) {
		total += tier?.size ?? 0;
		for (const entry of tier?.entries() ?? []) {
			if (left.length >= sampleSize) break;
			left.push(entry.freshUntil - now);
		}
	}
	return {source: 'memory', buckets: ttlBuckets(left), sampled: left.length, total, at: unixNow()};
}
