import type {TapSnapshot} from '../../../engine/protocol.js';

/** The share of the keys that is followed, if not all are: `follows 1 key in 8`. */
export function followedWords({sampledKeys}: Pick<TapSnapshot, 'sampledKeys'>): string | undefined {
	const [, oneIn] = sampledKeys.split('/');
	return oneIn === undefined || oneIn === '1' ? undefined : `follows 1 key in ${oneIn}`;
}
