import type {Stamp} from '../entry/entry.js';
import type {Marker} from './marker.js';

/**
 * Server time in µs from which an entry counts as stale because of a soft invalidation. `Infinity` if it is live; 0 if it is a
 * miss.
 */
export type LiveUntil = number;

export const live: LiveUntil = Number.POSITIVE_INFINITY;
export const invalidated: LiveUntil = 0;

/** @param generation The generation of the entry. */
export function liveInGeneration({token, softs}: Marker, generation: number): LiveUntil {
	if (generation === 0) return invalidated;
	if (token === generation) return live;
	return softs.find(({value}) => value === generation)?.at ?? invalidated;
}

export function liveWithTag({token, count, softs}: Marker, stamp: Pick<Stamp, 'incarnation' | 'count'>): LiveUntil {
	if (token !== stamp.incarnation || count > stamp.count) return invalidated;
	// The earliest soft invalidation after the value; the list is sorted newest first.
	return softs.findLast(({value}) => value > stamp.count)?.at ?? live;
}

/** The count of a tag at its latest invalidation, soft or not. */
export function latestCount({count, softs}: Pick<Marker, 'count' | 'softs'>): number {
	return Math.max(count, softs[0]?.value ?? 0);
}
