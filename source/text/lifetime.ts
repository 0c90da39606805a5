import {formatDuration} from './duration.js';

/** The remaining time of a key: `for 4 min`, or `without TTL` if it does not expire. */
export function lifetimeWords(ttlMs: number | undefined): string {
	return ttlMs === undefined ? 'without TTL' : `for ${formatDuration(Math.max(0, ttlMs))}`;
}
