import type {Marker, SoftInvalidation} from './marker.js';

/** A marker, as known to this process. */
export type Known = {
	/** Token and count that it had when it was last read or written; a token of 0: not known. */
	token: number;
	count: number;
	softs: readonly SoftInvalidation[];
	/** Epoch in which that was. With an older one, or -1, it may have been changed since. */
	epoch: number;
	/** Local time until which it counts as current for reads. `Infinity` while Redis sends invalidations. */
	trustedUntil: number;
	/** The same for writes: an outdated marker only makes what they store a miss. */
	usableUntil: number;
	/** Local time until which its key exists in Redis, unless that is announced; 0: it may not exist. */
	ensuredUntil: number;
	/** Count of the change clock when this process last began to change it: what is older is invalidated. */
	ownAt: number;
	/** The same, or when it was changed by another process: what only this process knows, and is older, is invalidated. */
	changedAt: number;
	/** Count of the change clock when a change of it was last announced. */
	announcedAt: number;
	/** True if it has decided about an entry since Redis was last told so. */
	isUsed: boolean;
	/** True if Redis may be older than it was: the next count read may be a lower one. */
	mayGoBack: boolean;
	/** Of a counter: what it was before Redis may have gone back, until what Redis has is compared with it. */
	former: Counter | undefined;
};

/** The counter of a namespace, as it was at some time. */
export type Counter = Pick<Marker, 'token' | 'count'>;

/** In place of a marker that this process has not read or written yet. */
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

/** Takes what was read or written; what is known about its life and its changes stays. */
export function assign(known: Known, {token, count, softs}: Marker): void {
	known.token = token;
	known.count = count;
	known.softs = softs;
}
