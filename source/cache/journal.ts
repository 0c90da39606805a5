import type {JournalSnapshot} from '../metrics/snapshot.js';

/** A change that is not known to be in Redis. */
export type DirtyChange = {
	/** Server time in µs, certainly not earlier than the change: what was obtained at or before it must go. */
	readonly asOf: number;
	/** Local time at which the lost command can no longer take effect. Nothing is reconciled before it. */
	readonly settledAt: number;
};

/** Where dirty keys are kept beyond the life of the process. */
export type JournalStore = {
	noted(kind: 'key' | 'mark', name: string, change: DirtyChange): void;
	reconciled(kind: 'key' | 'mark', name: string): void;
	/** Nothing is dirty any more. */
	emptied(): void;
	close(): void;
};

/**
 * Keys and marks whose state in Redis is not known to be ours. One record each, however often they change. Bounded: when
 * the keys of a namespace do not fit, its mark takes their place, and the whole namespace is one thing to invalidate.
 */
export class Journal {
	readonly #keys = new Map<string, DirtyChange>();
	readonly #marks = new Map<string, DirtyChange>();
	readonly #limit: number;
	readonly #store: JournalStore | undefined;
	#max = 0;
	#overflowed = 0;
	#reconciled = 0;

	constructor(limit: number, store?: JournalStore) {
		this.#limit = limit;
		this.#store = store;
	}

	get size(): number {
		return this.#keys.size + this.#marks.size;
	}

	hasKey(key: string): boolean {
		return this.#keys.size > 0 && this.#keys.has(key);
	}

	hasMark(markKey: string): boolean {
		return this.#marks.size > 0 && this.#marks.has(markKey);
	}

	addKey(key: string, markKey: string, entryPrefix: string, change: DirtyChange): void {
		if (this.#marks.has(markKey)) {
			this.addMark(markKey, change);
			return;
		}
		const merged = latest(this.#keys.get(key), change);
		if (!this.#keys.has(key) && this.#keys.size >= this.#limit) {
			this.#overflow(markKey, entryPrefix, change);
			return;
		}
		this.#keys.set(key, merged);
		this.#store?.noted('key', key, merged);
		this.#max = Math.max(this.#max, this.size);
	}

	addMark(markKey: string, change: DirtyChange): void {
		const merged = latest(this.#marks.get(markKey), change);
		this.#marks.set(markKey, merged);
		this.#store?.noted('mark', markKey, merged);
		this.#max = Math.max(this.#max, this.size);
	}

	#overflow(markKey: string, entryPrefix: string, change: DirtyChange): void {
		this.#overflowed++;
		let merged = change;
		for (const [key, dirty] of this.#keys) {
			if (!key.startsWith(entryPrefix)) continue;
			merged = latest(merged, dirty);
			this.#keys.delete(key);
		}
		this.addMark(markKey, merged);
	}

	/** The changes whose commands can no longer take effect, at most `limit`. */
	settled(
		now: number,
		limit: number,
	): {
		readonly keys: readonly (readonly [string, DirtyChange])[];
		readonly marks: readonly (readonly [string, DirtyChange])[];
	} {
		const take = (from: Map<string, DirtyChange>): (readonly [string, DirtyChange])[] => {
			const taken: (readonly [string, DirtyChange])[] = [];
			for (const record of from) {
				if (record[1].settledAt <= now) taken.push(record);
				if (taken.length >= limit) break;
			}
			return taken;
		};
		return {keys: take(this.#keys), marks: take(this.#marks)};
	}

	/** Milliseconds until the first change can be reconciled; `undefined` when nothing is dirty. */
	nextIn(now: number): number | undefined {
		let next: number | undefined;
		for (const from of [this.#keys, this.#marks]) {
			for (const change of from.values()) {
				const wait = Math.max(0, change.settledAt - now);
				if (next === undefined || wait < next) next = wait;
				if (next === 0) return 0;
			}
		}
		return next;
	}

	/** Removes a reconciled change, unless the key became dirty again since. */
	done(kind: 'key' | 'mark', name: string, change: DirtyChange): boolean {
		const from = kind === 'key' ? this.#keys : this.#marks;
		if (from.get(name) !== change) return false;
		from.delete(name);
		this.#reconciled++;
		this.#store?.reconciled(kind, name);
		if (this.size === 0) this.#store?.emptied();
		return true;
	}

	snapshot(): JournalSnapshot {
		return {
			size: this.size,
			limit: this.#limit,
			max: this.#max,
			overflowed: this.#overflowed,
			reconciled: this.#reconciled,
		};
	}

	close(): void {
		this.#store?.close();
	}
}

function latest(a: DirtyChange | undefined, b: DirtyChange): DirtyChange {
	if (a === undefined) return b;
	return {asOf: Math.max(a.asOf, b.asOf), settledAt: Math.max(a.settledAt, b.settledAt)};
}
