/** `journal/`: changes of this process that Redis has not confirmed, pending or dirty, until they are reconciled. */
import type {JournalSnapshot} from '../../metrics/snapshot.js';
import {toError} from '../support/to-error.js';
import type {DirtyChange, DirtyKind, JournalStore, NamespaceNames} from './dirty-change.js';

/** Changes that are ready to be reconciled. */
export type DueChanges = {
	readonly keys: readonly (readonly [string, DirtyChange])[];
	readonly markers: readonly (readonly [string, DirtyChange])[];
};

/**
 * The dirty keys and markers: those whose state in Redis is not known. Each has one record, however often it
 * changes.
 *
 * Bounded: when there is no room for a key or a tag, its namespace overflows. The marker of the namespace then
 * replaces everything noted of the namespace, and the whole namespace is invalidated on recovery.
 */
export class Journal {
	readonly #keys = new Map<string, DirtyChange>();
	readonly #markers = new Map<string, DirtyChange>();
	readonly #limit: number;
	readonly #store: JournalStore | undefined;
	readonly #onStoreFailure: (error: Error) => void;
	#isStoreFailing = false;
	#max = 0;
	#overflowed = 0;
	#reconciled = 0;

	/** @param onStoreFailure Called when the store fails, once until it works again. The journal in memory stays complete. */
	constructor(limit: number, store?: JournalStore, onStoreFailure: (error: Error) => void = () => {}) {
		this.#limit = limit;
		this.#store = store;
		this.#onStoreFailure = onStoreFailure;
	}

	get limit(): number {
		return this.#limit;
	}

	/** Number of times a key or a tag did not fit. */
	get overflowed(): number {
		return this.#overflowed;
	}

	get size(): number {
		return this.#keys.size + this.#markers.size;
	}

	hasKey(redisKey: string): boolean {
		return this.#keys.size > 0 && this.#keys.has(redisKey);
	}

	hasMarker(markerKey: string): boolean {
		return this.#markers.size > 0 && this.#markers.has(markerKey);
	}

	addKey(redisKey: string, names: NamespaceNames, change: DirtyChange): void {
		if (this.#markers.has(names.generationKey)) {
			this.#putMarker(names.generationKey, change);
			return;
		}
		const merged = latest(this.#keys.get(redisKey), change);
		if (!this.#keys.has(redisKey) && this.size >= this.#limit) {
			this.#overflow(names, change);
			return;
		}
		this.#keys.set(redisKey, merged);
		this.#inStore((store) => store.noted('key', redisKey, merged));
		this.#max = Math.max(this.#max, this.size);
	}

	/** @param markerKey Of the namespace itself, or of a tag in it. */
	addMarker(markerKey: string, names: NamespaceNames, change: DirtyChange): void {
		if (this.#markers.has(names.generationKey)) this.#putMarker(names.generationKey, change);
		else if (markerKey !== names.generationKey && !this.#markers.has(markerKey) && this.size >= this.#limit)
			this.#overflow(names, change);
		else this.#putMarker(markerKey, change);
	}

	/**
	 * At most `limit` keys and as many markers whose commands can no longer take effect.
	 *
	 * @param names Only these names. Default: all.
	 */
	due(now: number, limit: number, names?: ReadonlySet<string>): DueChanges {
		const take = (from: Map<string, DirtyChange>): (readonly [string, DirtyChange])[] => {
			const taken: (readonly [string, DirtyChange])[] = [];
			for (const record of from) {
				if (record[1].finalAt <= now && names?.has(record[0]) !== false) taken.push(record);
				if (taken.length >= limit) break;
			}
			return taken;
		};
		return {keys: take(this.#keys), markers: take(this.#markers)};
	}

	/**
	 * Milliseconds until the first change is due; `undefined` if nothing is dirty.
	 *
	 * @param names As for `due`.
	 */
	nextDueIn(now: number, names?: ReadonlySet<string>): number | undefined {
		let next: number | undefined;
		for (const from of [this.#keys, this.#markers]) {
			for (const [name, change] of from) {
				if (names?.has(name) === false) continue;
				const wait = Math.max(0, change.finalAt - now);
				if (next === undefined || wait < next) next = wait;
				if (next === 0) return 0;
			}
		}
		return next;
	}

	/** Names of everything that is dirty. @param isIncluded Default: all. */
	names(isIncluded: (name: string) => boolean = () => true): Set<string> {
		const names = new Set<string>();
		for (const from of [this.#keys, this.#markers])
			for (const name of from.keys()) if (isIncluded(name)) names.add(name);
		return names;
	}

	/** No command in flight can take effect after `finalAt`: later `finalAt` of noted changes are brought forward to it. */
	finalBy(finalAt: number, asOfFor: (name: string) => number, isIncluded: (name: string) => boolean): void {
		for (const from of [this.#keys, this.#markers])
			for (const [name, change] of from)
				if (change.finalAt > finalAt && isIncluded(name)) from.set(name, {asOf: asOfFor(name), finalAt});
	}

	/** Removes a reconciled change. @returns False if the name has become dirty again since. */
	remove(kind: DirtyKind, name: string, change: DirtyChange): boolean {
		const from = kind === 'key' ? this.#keys : this.#markers;
		if (from.get(name) !== change) return false;
		from.delete(name);
		this.#reconciled++;
		this.#store?.reconciled(kind, name);
		if (this.size === 0) this.#inStore((store) => store.emptied());
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

	#putMarker(markerKey: string, change: DirtyChange): void {
		const merged = latest(this.#markers.get(markerKey), change);
		this.#markers.set(markerKey, merged);
		this.#inStore((store) => store.noted('marker', markerKey, merged));
		this.#max = Math.max(this.#max, this.size);
	}

	#overflow({generationKey, entryPrefix}: NamespaceNames, change: DirtyChange): void {
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
		const tagMarkers = fold(this.#markers, `${generationKey}:`);
		// In the store, too, the time is noted before what it replaces is removed.
		this.#putMarker(generationKey, merged);
		for (const key of keys) this.#store?.reconciled('key', key);
		for (const tagMarker of tagMarkers) this.#store?.reconciled('marker', tagMarker);
	}

	#inStore(work: (store: JournalStore) => void): void {
		if (this.#store === undefined) return;
		try {
			work(this.#store);
			this.#isStoreFailing = false;
		} catch (error) {
			if (this.#isStoreFailing) return;
			this.#isStoreFailing = true;
			this.#onStoreFailure(toError(error));
		}
	}
}

function latest(a: DirtyChange | undefined, b: DirtyChange): DirtyChange {
	if (a === undefined) return b;
	return {asOf: Math.max(a.asOf, b.asOf), finalAt: Math.max(a.finalAt, b.finalAt)};
}
