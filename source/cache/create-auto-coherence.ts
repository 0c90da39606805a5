import {ServerError} from '../pool/errors.js';
import {RefusalPause} from '../pool/refusal-pause.js';
import type {Pool} from '../pool/types.js';
import {
	AutoCoherence,
	type AutoCoherenceParts,
	type AutoCoherenceTimes,
	type CoherenceChange,
} from './memory/auto-coherence.js';
import type {ClientTracking} from './memory/client-tracking.js';
import type {CoherenceRates, ServerFacts} from './memory/coherence-choice.js';
import type {Recorder} from './observe/recorder.js';
import type {Settings} from './options/settings.js';
import type {MemoryReader} from './read/memory-reader.js';
import type {MgetBatcher} from './read/mget/mget-batcher.js';
import type {InvalidationHub} from './tags/invalidation-hub.js';

export type AutoCoherenceSources = {
	readonly settings: Settings;
	readonly pool: Pool;
	readonly tracking: ClientTracking;
	readonly hub: InvalidationHub;
	readonly batcher: MgetBatcher;
	readonly memory: MemoryReader;
	readonly recorder: Recorder;
};

/**
 * Creates the part that chooses how Redis announces changes; `undefined` if the options choose a fixed way.
 *
 * @param times Shorter times for tests.
 */
export function createAutoCoherence(
	{settings, pool, tracking, hub, batcher, memory, recorder}: AutoCoherenceSources,
	times?: AutoCoherenceTimes,
): AutoCoherence | undefined {
	if (settings.memory?.coherence !== 'auto') return undefined;
	const parts: AutoCoherenceParts = {
		tracking,
		totals() {
			const {hitsMemory, hitsRedis, misses, sets, deletes, loads} = recorder.counters;
			const {keys, batches} = batcher.counts;
			return {
				...hub.announcements,
				calls: hitsMemory + hitsRedis + misses,
				hits: hitsMemory,
				unchanged: memory.unchangedRereads,
				read: keys,
				batches,
				set: sets,
				deleted: deletes,
				loaded: loads,
			};
		},
		countProcesses: countingSubscribers(pool),
		countGaps: () => hub.gaps,
		onChange: (change) => recorder.events.emit('coherence', {coherence: change.to, reason: reasonFor(change)}),
	};
	return new AutoCoherence(parts, times);
}

function reasonFor({from, to, rates, facts}: CoherenceChange): string {
	if (to === 'broadcast') return reasonToBroadcast(rates, facts);
	if (to === 'bypass') return reasonToBypass(rates, facts);
	return from === 'bypass' ? reasonToUseMemory(rates) : reasonToTrack(rates);
}

function reasonToTrack({announced, useful}: CoherenceRates): string {
	return `${Math.round(useful)} of ${Math.round(announced)} announcements a second concerned memory`;
}

function reasonToBypass({hits, calls, announced}: CoherenceRates, {processes}: ServerFacts): string {
	const reads = `memory answered ${Math.round(hits)} of ${Math.round(calls)} reads a second`;
	const receivers = processes === undefined ? '' : `, to each of ${processes} processes`;
	return `${reads}, and ${Math.round(announced)} changes a second were announced for that${receivers}`;
}

function reasonToUseMemory({unchanged, calls}: CoherenceRates): string {
	return `${Math.round(unchanged)} of ${Math.round(calls)} reads a second found what memory had`;
}

function reasonToBroadcast({announced, read}: CoherenceRates, {processes, remembered}: ServerFacts): string {
	const figures = [
		`${Math.round(read)} keys a second were read from Redis and ${Math.round(announced)} announced`,
		`up to ${remembered} were remembered`,
		...(processes === undefined ? [] : [`${processes} processes`]),
	];
	return figures.join(', ');
}

/** Counts the subscribers to invalidations: each process has one on each server. */
function countingSubscribers(pool: Pool): () => Promise<number | undefined> {
	const refusalPause = new RefusalPause();
	return async () => {
		const lane = pool.lanes.find(({state}) => state === 'ready');
		if (!refusalPause.isOver || lane === undefined) return undefined;
		try {
			const reply = await lane.send('PUBSUB', ['NUMSUB', '__redis__:invalidate'], {isUpkeep: true});
			refusalPause.granted();
			const count = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
			return Number.isInteger(count) ? count : undefined;
		} catch (error) {
			if (error instanceof ServerError && error.kind === 'denied') refusalPause.refused();
			return undefined;
		}
	};
}
