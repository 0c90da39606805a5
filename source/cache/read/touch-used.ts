import {clusterSlot} from '../../pool/cluster-slot.js';
import type {Pool} from '../../pool/types.js';
import type {Availability} from '../outage/availability.js';
import type {UsedKeys} from '../support/used-keys.js';

export type TouchUsedParts = {
	readonly pool: Pool;
	/** Markers, and entries in memory. */
	readonly usedMarkers: UsedKeys;
	readonly usedEntries: UsedKeys;
	readonly availability: Pick<Availability, 'inUse' | 'isInUse'>;
};

/** Keys touched in one call. */
const maxTouched = 512;

/** Commands in flight at a time, which take no room from those of callers: in a cluster nearly every key needs one of its own. */
const maxInFlight = 16;

/**
 * Tells Redis which keys are in use here. Processes remember markers and entries, so that Redis sees few reads of them: one
 * that evicts what was not used for longest would take them for cold. A marker that is evicted makes many entries misses.
 *
 * @returns A function to be called once a second: Redis does not tell uses within a second apart. Sends nothing if nothing was
 * used.
 */
export function touchingUsed({pool, usedMarkers, usedEntries, availability}: TouchUsedParts): () => Promise<void> {
	let isTouching = false;
	return async () => {
		if (isTouching || !availability.inUse) return;
		const markers = usedMarkers.take(maxTouched);
		const keys = [...markers, ...usedEntries.take(maxTouched - markers.length)];
		isTouching = true;
		// Only a hint: whatever fails, what is missing is created or loaded again.
		const touch = async (group: readonly string[]) =>
			availability.isInUse(group[0] ?? '') &&
			pool
				.laneOf(group[0] ?? '')
				.send('TOUCH', [...group], {isUpkeep: true})
				.catch(() => {});
		const groups = groupBySlot(pool, keys);
		for (let at = 0; at < groups.length; at += maxInFlight)
			await Promise.all(groups.slice(at, at + maxInFlight).map(touch));
		isTouching = false;
	};
}

/** In a cluster the keys of a command share a slot. */
function groupBySlot(pool: Pool, keys: readonly string[]): readonly (readonly string[])[] {
	const groups = new Map<number, string[]>();
	for (const key of keys) {
		const slot = pool.topology === 'cluster' ? clusterSlot(key) : 0;
		const group = groups.get(slot);
		if (group === undefined) groups.set(slot, [key]);
		else group.push(key);
	}
	return [...groups.values()];
}
