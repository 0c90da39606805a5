import type {EngineSnapshot} from '../../engine/protocol.js';
import type {JournalSnapshot} from '../../metrics/snapshot.js';
import {applicationBetween, grownApplication, shareOfApplication} from './application-sample.js';
import {merge, type Sample} from './sample.js';

/** Calls of the cache so far. */
export const callsOf = ({cache}: EngineSnapshot): number => {
	const {hitsMemory, hitsRedis, misses, sets, deletes} = cache.counters;
	return hitsMemory + hitsRedis + misses + sets + deletes;
};

/** The peak is exact only if it is a new maximum; otherwise the size at the end is used. */
const mostDirtyKeys = (before: JournalSnapshot, {size, max}: JournalSnapshot): number =>
	max > before.max ? max : size;

/** Rates and latencies between two snapshots. */
export function sampleBetween(before: EngineSnapshot, after: EngineSnapshot, seconds: number): Sample {
	const from = before.cache.counters;
	const to = after.cache.counters;
	const seen = after.workload.running ? after.workload.settle : after.cache.latency.get;
	return {
		memory: to.hitsMemory - from.hitsMemory,
		redis: to.hitsRedis - from.hitsRedis,
		misses: to.misses - from.misses,
		calls: callsOf(after) - callsOf(before),
		seconds,
		p50: seen.p50,
		p99: seen.p99,
		wrongReads: Math.max(0, after.workload.wrongReads - before.workload.wrongReads),
		utilization: after.cache.pool.utilisation,
		server: undefined,
		level: after.activity.verdict.level,
		journal: mostDirtyKeys(before.cache.journal, after.cache.journal),
		application: applicationBetween(before.application, after.application),
	};
}

/** One second's share of a sample that covers several. */
export function share(sample: Sample, parts: number): Sample {
	if (parts === 1) return sample;
	return {
		...sample,
		memory: sample.memory / parts,
		redis: sample.redis / parts,
		misses: sample.misses / parts,
		calls: sample.calls / parts,
		seconds: sample.seconds / parts,
		application: shareOfApplication(sample.application, parts),
	};
}

/** A second so far, by its latest snapshot. Counts are totals since its beginning, so that a later one replaces an earlier one. */
export function grown(before: Sample | undefined, latest: Sample): Sample {
	if (!before) return latest;
	const {memory, redis, misses, calls, wrongReads, seconds} = latest;
	const application = grownApplication(before.application, latest.application);
	return {...merge(before, latest), memory, redis, misses, calls, wrongReads, seconds, application};
}
