import {localNow} from '../../clock/local-now.js';
import {KeyCounts} from '../../support/key-counts.js';

/** Changes made between two beats (see `RollbackDetector`). */
type Period = {readonly keys: KeyCounts; readonly markers: KeyCounts};

/** Most past periods. With few changes in each, their number takes the memory, so the oldest two are merged beyond that. */
const maxPeriods = 256;

export type LostChanges = {
	readonly keys: ReadonlySet<string>;
	readonly markers: ReadonlySet<string>;
	/** True if there may be further lost changes that are no longer remembered. */
	readonly areMoreLost: boolean;
};

/** Changes of this process that Redis has acknowledged, by period. Bounded: only the time of the oldest ones is kept. */
export class AcknowledgedChanges {
	readonly #limit: number;
	#current: Period = {keys: new KeyCounts(), markers: new KeyCounts()};
	#past: (Period & {readonly endedAt: number})[] = [];
	#remembered = 0;
	/** Local time up to which changes are no longer remembered individually; 0 if all are. */
	#forgottenUntil = 0;

	/** @param limit Most changes in one period. Twice as many are remembered in total. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** True if nothing was changed since the last period ended. */
	get isCurrentEmpty(): boolean {
		return this.#current.keys.size === 0 && this.#current.markers.size === 0;
	}

	/** @param hash Hash of the key, if it is already computed. */
	addKey(redisKey: string, hash?: number): void {
		this.#current.keys.add(redisKey, hash);
		if (this.#current.keys.size >= this.#limit) this.endPeriod(localNow());
	}

	addMarker(markerKey: string): void {
		this.#current.markers.add(markerKey);
		if (this.#current.markers.size >= this.#limit) this.endPeriod(localNow());
	}

	/** The changes since the last period ended. */
	*current(): Iterable<string> {
		yield* this.#current.keys;
		yield* this.#current.markers;
	}

	/** Begins a new period. */
	endPeriod(now: number): void {
		if (this.isCurrentEmpty) return;
		const {keys, markers} = this.#current;
		this.#past.push({endedAt: now, keys, markers});
		this.#remembered += keys.size + markers.size;
		// Allocated for the same number of keys: under a steady load about as many change in the next period.
		this.#current = {keys: new KeyCounts(keys.size), markers: new KeyCounts(markers.size)};
		while (this.#remembered > this.#limit * 2 && this.#past.length > 1) {
			const oldest = this.#past.shift();
			if (oldest === undefined) break;
			this.#remembered -= oldest.keys.size + oldest.markers.size;
			this.#forgottenUntil = oldest.endedAt;
		}
		if (this.#past.length > maxPeriods) this.#mergeOldest();
	}

	/** Merges the two oldest periods. Changes of the older one then count as made later than they were: at worst one is repeated needlessly. */
	#mergeOldest(): void {
		const [oldest, next] = this.#past;
		if (oldest === undefined || next === undefined) return;
		this.#remembered -= oldest.keys.size + oldest.markers.size + next.keys.size + next.markers.size;
		for (const key of oldest.keys) next.keys.add(key);
		for (const marker of oldest.markers) next.markers.add(marker);
		this.#remembered += next.keys.size + next.markers.size;
		this.#past.shift();
	}

	/**
	 * The changes of all periods that ended after local time `since`; forgets them. Those before stay: another replica, which lags
	 * behind even more, may be the next to take over.
	 *
	 * @param isIncluded False for changes on other nodes of a cluster, which are kept.
	 */
	takeSince(since: number, now: number, isIncluded: (name: string) => boolean): LostChanges {
		this.endPeriod(now);
		const lost = {keys: new Set<string>(), markers: new Set<string>()};
		for (const period of this.#past) {
			if (period.endedAt <= since) continue;
			this.#remembered -= take(period.keys, isIncluded, lost.keys);
			this.#remembered -= take(period.markers, isIncluded, lost.markers);
		}
		const areMoreLost = since < this.#forgottenUntil;
		this.#past = this.#past.filter(({keys, markers}) => keys.size > 0 || markers.size > 0);
		if (this.#past.length === 0) this.#forgottenUntil = 0;
		return {...lost, areMoreLost};
	}
}

/** Moves the included names. @returns Their number. */
function take(names: KeyCounts, isIncluded: (name: string) => boolean, to: Set<string>): number {
	const taken = [...names].filter(isIncluded);
	for (const name of taken) {
		names.decrease(name);
		to.add(name);
	}
	return taken.length;
}
