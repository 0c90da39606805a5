import {localNow} from '../clock/local-now.js';

/** Changes made between two beats (see `RollbackDetector`). */
type Period = {readonly keys: Set<string>; readonly markers: Set<string>};

export type LostChanges = {
	readonly keys: ReadonlySet<string>;
	readonly markers: ReadonlySet<string>;
	/** True if there may be more that are no longer remembered. */
	readonly areMoreLost: boolean;
};

/** Changes of this process that Redis has acknowledged, by period. Bounded: only the time of the oldest ones is kept. */
export class AcknowledgedChanges {
	readonly #limit: number;
	#current: Period = newPeriod();
	readonly #past: (Period & {readonly endedAt: number})[] = [];
	#remembered = 0;
	/** Local time up to which changes are no longer remembered one by one; 0: all are. */
	#forgottenUntil = 0;

	/** @param limit Changes in one period. Twice as many are remembered in all. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** True if nothing was changed since the last period ended. */
	get isCurrentEmpty(): boolean {
		return this.#current.keys.size === 0 && this.#current.markers.size === 0;
	}

	addKey(redisKey: string): void {
		this.#current.keys.add(redisKey);
		if (this.#current.keys.size >= this.#limit) this.endPeriod(localNow());
	}

	addMarker(markerKey: string): void {
		this.#current.markers.add(markerKey);
		if (this.#current.markers.size >= this.#limit) this.endPeriod(localNow());
	}

	/** Changes added from now on belong to a new period. */
	endPeriod(now: number): void {
		if (this.isCurrentEmpty) return;
		const {keys, markers} = this.#current;
		this.#past.push({endedAt: now, keys, markers});
		this.#remembered += keys.size + markers.size;
		this.#current = newPeriod();
		while (this.#remembered > this.#limit * 2 && this.#past.length > 1) {
			const oldest = this.#past.shift();
			if (oldest === undefined) break;
			this.#remembered -= oldest.keys.size + oldest.markers.size;
			this.#forgottenUntil = oldest.endedAt;
		}
	}

	/** The changes of all periods that ended after local time `since`; forgets everything. */
	takeSince(since: number, now: number): LostChanges {
		this.endPeriod(now);
		const keys = new Set<string>();
		const markers = new Set<string>();
		for (const period of this.#past) {
			if (period.endedAt <= since) continue;
			for (const redisKey of period.keys) keys.add(redisKey);
			for (const markerKey of period.markers) markers.add(markerKey);
		}
		const areMoreLost = since < this.#forgottenUntil;
		this.#past.length = 0;
		this.#remembered = 0;
		this.#forgottenUntil = 0;
		return {keys, markers, areMoreLost};
	}
}

function newPeriod(): Period {
	return {keys: new Set(), markers: new Set()};
}
