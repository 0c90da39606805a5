import {ServerError} from '../pool/errors.js';
import {RefusalPause} from '../pool/refusal-pause.js';
import type {Pool} from '../pool/types.js';
import {AutoCoherence, type AutoCoherenceParts, type AutoCoherenceTimes} from './memory/auto-coherence.js';
import type {ClientTracking} from './memory/client-tracking.js';
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
 * Creates the part that chooses how Redis announces changes; `undefined`: the options have chosen.
 *
 * @param times Shorter ones, in tests.
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
			// Of a load, the lease and the fill.
			return {...hub.announcements, read: batcher.counts.keys, written: sets + deletes + 2 * loads};
		},
		countProcesses: countingSubscribers(pool),
		onChange(way, {announced, useful}, processes) {
			const concerned = `${Math.round(useful)} of ${Math.round(announced)} announcements a second concerned memory`;
			const reason = processes === undefined ? concerned : `${concerned}, ${processes} processes`;
			recorder.events.emit('coherence', {coherence: way, reason});
		},
	};
	return new AutoCoherence(parts, times);
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
