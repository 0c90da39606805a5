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

/** Most keys touched in one call. */
const maxTouched = 512;

/**
 * Most commands in flight at a time. They do not count against the capacity of lanes, and in a cluster nearly every key needs
 * its own command.
 */
const maxInFlight = 16;

/**
 * Tells Redis by `TOUCH` which keys this process uses. Since processes keep markers and entries in memory, Redis sees few reads
 * of them, and an LRU policy would evict them as unused. Evicting a marker makes many entries misses.
 *
 * @returns A function to call once a second, which is the resolution of Redis's LRU clock. Sends nothing if nothing was used.
 */
export function touchingUsed({pool, usedMarkers, usedEntries, availability}: TouchUsedParts): () => Promise<void> {
	let isTouching = false;
	return async () => {
		if (isTouching || !availability.inUse) return;
		const markers = usedMarkers.take(maxTouched);
		const keys = [...markers, ...usedEntries.take(maxTouched - markers.length)];
		isTouching = true;
		// Failures are ignored: this is only a hint, and a missing key is created or loaded again.
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

/** In a cluster, all keys of a command must share a slot. */
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
