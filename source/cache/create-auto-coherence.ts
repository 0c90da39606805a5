import {ServerError} from '../pool/errors.js';
import {RefusalPause} from '../pool/refusal-pause.js';
import type {Pool} from '../pool/types.js';
import {AutoCoherence, type AutoCoherenceParts, type AutoCoherenceTimes} from './memory/auto-coherence.js';
import type {ClientTracking} from './memory/client-tracking.js';
import type {CoherenceRates, ServerFacts} from './memory/coherence-choice.js';
import type {TrackingWay} from './memory/node-tracking.js';
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
			const {hitsMemory, sets, deletes, loads} = recorder.counters;
			const {keys, batches} = batcher.counts;
			return {
				...hub.announcements,
				hits: hitsMemory,
				read: keys,
				batches,
				unchanged: memory.unchangedRereads,
				set: sets,
				deleted: deletes,
				loaded: loads,
			};
		},
		countProcesses: countingSubscribers(pool),
		onChange(way, rates, facts) {
			recorder.events.emit('coherence', {coherence: way, reason: reasons[way](rates, facts)});
		},
	};
	return new AutoCoherence(parts, times);
}

const reasons: Readonly<Record<TrackingWay, (rates: CoherenceRates, facts: ServerFacts) => string>> = {
	tracked: reasonToTrack,
	broadcast: reasonToBroadcast,
	bypass: reasonToBypass,
};

/** Either of broadcast mode, or, where no changes of entries were announced, of bypass mode. */
function reasonToTrack({announced, useful, unchanged, read}: CoherenceRates): string {
	const reread = `${Math.round(unchanged)} of ${Math.round(read)} reads a second found what memory had`;
	return unchanged > useful
		? reread
		: `${Math.round(useful)} of ${Math.round(announced)} announcements a second concerned memory`;
}

function reasonToBypass({hits, read, announced}: CoherenceRates, {processes}: ServerFacts): string {
	const reads = `memory answered ${Math.round(hits)} of ${Math.round(hits + read)} reads a second`;
	const receivers = processes === undefined ? '' : `, to each of ${processes} processes`;
	return `${reads}, and ${Math.round(announced)} changes a second were announced for that${receivers}`;
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
