import type {Marker, SoftInvalidation} from './marker.js';

/** The state of a marker as known to this process. */
export type Known = {
	/** Token and count when the marker was last read or written; a token of 0 means that it is not known. */
	token: number;
	count: number;
	softs: readonly SoftInvalidation[];
	/** Epoch of that time. If it is not the current one, or is -1, the marker may have been changed since. */
	epoch: number;
	/** Local time until which the marker counts as current for reads. `Infinity` while Redis sends invalidations. */
	trustedUntil: number;
	/** The same for writes. An outdated marker is harmless there: the stored entry is then a miss. */
	usableUntil: number;
	/** Local time until which the key of the marker exists in Redis, unless a change is announced; 0 if it may not exist. */
	ensuredUntil: number;
	/** Count of the change clock when this process last began to change the marker: entries before that are invalidated. */
	ownAt: number;
	/**
	 * Count of the change clock at its last change by any process: unconfirmed entries of this process before that are
	 * invalidated.
	 */
	changedAt: number;
	/** Count of the change clock when a change of it was last announced. */
	announcedAt: number;
	/** True if the marker was used to judge an entry since Redis was last told about its use (`TOUCH`). */
	isUsed: boolean;
	/** True if Redis may have been rolled back, so that a lower count than before is accepted. */
	mayGoBack: boolean;
	/** Of a counter: the last known one before Redis may have gone back. */
	former: Counter | undefined;
};

/** The counter of a namespace at one time. */
export type Counter = Pick<Marker, 'token' | 'count'>;

/** Stands for a marker that this process has not read or written yet. */
export const notKnown: Marker = {token: 0, count: 0, softs: []};

export function newKnown(): Known {
	return {
		token: 0,
		count: 0,
		softs: notKnown.softs,
		epoch: -1,
		trustedUntil: 0,
		usableUntil: 0,
		ensuredUntil: 0,
		ownAt: 0,
		changedAt: 0,
		announcedAt: 0,
		isUsed: false,
		mayGoBack: false,
		former: undefined,
	};
}

/** Records the content that was read or written. The fields about its lifetime and its changes are kept. */
export function assign(known: Known, {token, count, softs}: Marker): void {
	known.token = token;
	known.count = count;
	known.softs = softs;
}
