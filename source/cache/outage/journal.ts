import type {JournalSnapshot} from '../../metrics/snapshot.js';

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
 * there is no room for a key or a tag, the mark of its namespace takes the place of all that is noted of the namespace,
 * which then is one thing to invalidate.
 */
export class Journal {
	readonly #keys = new Map<string, DirtyChange>();
	readonly #marks = new Map<string, DirtyChange>();
	readonly #limit: number;
	readonly #store: JournalStore | undefined;
	readonly #onStoreFailure: (error: Error) => void;
	#storeFails = false;
	#max = 0;
	#overflowed = 0;
	#reconciled = 0;

	/** @param onStoreFailure Called when the store fails, and not again until it has worked. What is noted stays noted here. */
	constructor(limit: number, store?: JournalStore, onStoreFailure: (error: Error) => void = () => {}) {
		this.#limit = limit;
		this.#store = store;
		this.#onStoreFailure = onStoreFailure;
	}

	/** How often keys or tags did not fit. */
	get overflowed(): number {
		return this.#overflowed;
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

	/** @param markKey The mark of its namespace. */
	addKey(key: string, markKey: string, entryPrefix: string, change: DirtyChange): void {
		if (this.#marks.has(markKey)) {
			this.#putMark(markKey, change);
			return;
		}
		const merged = latest(this.#keys.get(key), change);
		if (!this.#keys.has(key) && this.size >= this.#limit) {
			this.#overflow(markKey, entryPrefix, change);
			return;
		}
		this.#keys.set(key, merged);
		this.#inStore((store) => store.noted('key', key, merged));
		this.#max = Math.max(this.#max, this.size);
	}

	/** @param markKey The mark of a namespace, or of a tag in the namespace whose mark is `namespaceMark`. */
	addMark(markKey: string, namespaceMark: string, entryPrefix: string, change: DirtyChange): void {
		if (this.#marks.has(namespaceMark)) this.#putMark(namespaceMark, change);
		else if (markKey !== namespaceMark && !this.#marks.has(markKey) && this.size >= this.#limit)
			this.#overflow(namespaceMark, entryPrefix, change);
		else this.#putMark(markKey, change);
	}

	#putMark(markKey: string, change: DirtyChange): void {
		const merged = latest(this.#marks.get(markKey), change);
		this.#marks.set(markKey, merged);
		this.#inStore((store) => store.noted('mark', markKey, merged));
		this.#max = Math.max(this.#max, this.size);
	}

	#overflow(markKey: string, entryPrefix: string, change: DirtyChange): void {
		this.#overflowed++;
		let merged = change;
		const fold = (from: Map<string, DirtyChange>, prefix: string): string[] => {
			const names = [...from.keys()].filter((name) => name.startsWith(prefix));
			for (const name of names) {
				merged = latest(from.get(name), merged);
				from.delete(name);
			}
			return names;
		};
		const keys = fold(this.#keys, entryPrefix);
		const tags = fold(this.#marks, `${markKey}:`);
		this.#putMark(markKey, merged);
		for (const key of keys) this.#inStore((store) => store.reconciled('key', key));
		for (const tag of tags) this.#inStore((store) => store.reconciled('mark', tag));
	}

	/** The changes whose commands can no longer take effect, at most `limit`; of those with these names, if any are given. */
	settled(
		now: number,
		limit: number,
		names?: ReadonlySet<string>,
	): {
		readonly keys: readonly (readonly [string, DirtyChange])[];
		readonly marks: readonly (readonly [string, DirtyChange])[];
	} {
		const take = (from: Map<string, DirtyChange>): (readonly [string, DirtyChange])[] => {
			const taken: (readonly [string, DirtyChange])[] = [];
			for (const record of from) {
				if (record[1].settledAt <= now && names?.has(record[0]) !== false) taken.push(record);
				if (taken.length >= limit) break;
			}
			return taken;
		};
		return {keys: take(this.#keys), marks: take(this.#marks)};
	}

	/** Names of all that is dirty. */
	names(): Set<string> {
		return new Set([...this.#keys.keys(), ...this.#marks.keys()]);
	}

	/** No command is under way any more that may take effect after `settledAt`, whatever was thought when it was noted. */
	settleBy(settledAt: number, asOf: number): void {
		for (const from of [this.#keys, this.#marks])
			for (const [name, change] of from) if (change.settledAt > settledAt) from.set(name, {asOf, settledAt});
	}

	/**
	 * Milliseconds until the first change can be reconciled; `undefined` when nothing is dirty.
	 *
	 * @param names As for `settled`.
	 */
	nextIn(now: number, names?: ReadonlySet<string>): number | undefined {
		let next: number | undefined;
		for (const from of [this.#keys, this.#marks]) {
			for (const [name, change] of from) {
				if (names?.has(name) === false) continue;
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
		this.#inStore((store) => store.reconciled(kind, name));
		if (this.size === 0) this.#inStore((store) => store.emptied());
		return true;
	}

	#inStore(work: (store: JournalStore) => void): void {
		if (this.#store === undefined) return;
		try {
			work(this.#store);
			this.#storeFails = false;
		} catch (error) {
			if (this.#storeFails) return;
			this.#storeFails = true;
			this.#onStoreFailure(error instanceof Error ? error : new Error(String(error)));
		}
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
