import {ServerError} from '../pool/errors.js';
import {RefusalPause} from '../pool/refusal-pause.js';
import type {Pool} from '../pool/types.js';
import {AutoCoherence, type AutoCoherenceParts, type AutoCoherenceTimes} from './memory/auto-coherence.js';
import type {ClientTracking} from './memory/client-tracking.js';
import type {CoherenceRates, ServerFacts} from './memory/coherence-choice.js';
import type {Recorder} from './observe/recorder.js';
import type {Settings} from './options/settings.js';
import type {MgetBatcher} from './read/mget/mget-batcher.js';
import type {InvalidationHub} from './tags/invalidation-hub.js';

export type AutoCoherenceSources = {
	readonly settings: Settings;
	readonly pool: Pool;
	readonly tracking: ClientTracking;
	readonly hub: InvalidationHub;
	readonly batcher: MgetBatcher;
	readonly recorder: Recorder;
};

/**
 * Creates the part that chooses how Redis announces changes; `undefined` if the options choose a fixed way.
 *
 * @param times Shorter times for tests.
 */
export function createAutoCoherence(
	{settings, pool, tracking, hub, batcher, recorder}: AutoCoherenceSources,
	times?: AutoCoherenceTimes,
): AutoCoherence | undefined {
	if (settings.memory?.coherence !== 'auto') return undefined;
	const parts: AutoCoherenceParts = {
		tracking,
		totals() {
			const {sets, deletes, loads} = recorder.counters;
			return {...hub.announcements, read: batcher.counts.keys, set: sets, deleted: deletes, loaded: loads};
		},
		countProcesses: countingSubscribers(pool),
		onChange(way, rates, facts) {
			const reason = way === 'tracked' ? reasonToTrack(rates) : reasonToBroadcast(rates, facts);
			recorder.events.emit('coherence', {coherence: way, reason});
		},
	};
	return new AutoCoherence(parts, times);
}

function reasonToTrack({announced, useful}: CoherenceRates): string {
	return `${Math.round(useful)} of ${Math.round(announced)} announcements a second concerned memory`;
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
