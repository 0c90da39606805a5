import type {CacheSnapshot} from '../../metrics/snapshot.js';

/** The commands that a Redis in use refuses, such as `writes refused` while it is full; empty if it refuses none. */
export function restrictionWords({mode, restrictions}: Pick<CacheSnapshot, 'mode' | 'restrictions'>): string {
	if (mode.mode !== 'connected' || restrictions.length === 0) return '';
	return `${restrictions.map(({what}) => what).join(' and ')} refused`;
}
