/** `journal/`: changes of this process that Redis has not confirmed, pending or dirty, until they are reconciled. */
import type {JournalSnapshot} from '../../metrics/snapshot.js';
import {
	type DirtyChange,
	type DirtyKind,
	type JournalStore,
	latestOf,
	type NamespaceNames,
	type Noted,
} from './dirty-change.js';
import {type DueChanges, dueIn, waitUntilDue} from './due-changes.js';
import {FoldedKeys, type LostKeys, type LostNodes, mostLostKeys} from './folded-keys.js';
import {GuardedStore} from './store/guarded-store.js';

export type JournalParts = {
	/** Default: the journal is lost with the process. */
	readonly store?: JournalStore | undefined;
	/** Called when the store fails; not again until it has worked. The journal in memory stays complete. */
	readonly onStoreFailure?: (error: Error) => void;
	/** Default: none. */
	readonly lostNodes?: LostNodes;
};

const noLostNodes: LostNodes = {includes: () => false, generationKeyOf: (redisKey) => redisKey};

/**
 * The dirty keys and markers: those whose state in Redis is not known. Each has one record, however often it
 * changes.
 *
 * Bounded: when there is no room for a key or a tag, keys of lost nodes are folded first (see `FoldedKeys`); if there are none,
 * the namespace overflows: one record for its generation then replaces all of its records, and the whole namespace is
 * invalidated on recovery.
 */
export class Journal {
	readonly #keys = new Map<string, DirtyChange>();
	readonly #markers = new Map<string, DirtyChange>();
	readonly #folded = new FoldedKeys();
	readonly #limit: number;
	readonly #store: GuardedStore;
	readonly #lostNodes: LostNodes;
	#max = 0;
	#overflowed = 0;
	#reconciled = 0;

	constructor(limit: number, {store, onStoreFailure = () => {}, lostNodes = noLostNodes}: JournalParts = {}) {
		this.#limit = limit;
		this.#store = new GuardedStore(store, onStoreFailure);
		this.#lostNodes = lostNodes;
	}

	get limit(): number {
		return this.#limit;
	}

	/** Number of times that there was no room for a key or a tag. */
	get overflowed(): number {
		return this.#overflowed;
	}

	get size(): number {
		return this.#keys.size + this.#markers.size + this.#folded.size;
	}

	hasKey(redisKey: string): boolean {
		return this.#keys.size > 0 && this.#keys.has(redisKey);
	}

	hasMarker(markerKey: string): boolean {
		return this.#markers.size > 0 && this.#markers.has(markerKey);
	}

	/** True if the key may be a folded one, which has no record of its own. */
	isFolded(generationKey: string, redisKey: string): boolean {
		return this.#folded.includes(generationKey, redisKey);
	}

	/** The changes that stand for all entries that the key may have: of its namespace, and of its slot if keys of it are folded. */
	*invalidationsOf(generationKey: string, redisKey: string): Generator<DirtyChange> {
		for (const change of [this.#markers.get(generationKey), this.#folded.inSlotOf(generationKey, redisKey)])
			if (change !== undefined) yield change;
	}

	addKey(redisKey: string, {generationKey, entryPrefix}: NamespaceNames, change: DirtyChange): Noted {
		const isLost = this.#lostNodes.includes(redisKey);
		if (isLost && this.#folded.latest(generationKey) !== undefined) {
			this.#fold({generationKey, records: [[redisKey, change]]});
			return 'noted';
		}
		const known = this.#keys.get(redisKey);
		const isFull = known === undefined && this.size >= this.#limit;
		// The invalidation of the namespace covers the key. Only if its own node is lost, the key is better reconciled before that.
		if (!isLost && this.#markers.has(generationKey) && (isFull || !this.#lostNodes.includes(generationKey))) {
			this.#putMarker(generationKey, change);
			return 'noted';
		}
		const hasFolded = isFull && this.#foldLost();
		if (isFull && !hasFolded && !isLost) return this.#overflow({generationKey, entryPrefix}, change);
		if (isFull && !hasFolded) this.#fold({generationKey, records: [[redisKey, change]]});
		else {
			const merged = latestOf(known, change);
			this.#keys.set(redisKey, merged);
			this.#store.noted('key', redisKey, merged);
		}
		this.#max = Math.max(this.#max, this.size);
		if (!isFull) return 'noted';
		this.#overflowed++;
		return 'folded';
	}

	/** @param markerKey Key of the namespace's generation, or of one of its tags. */
	addMarker(markerKey: string, names: NamespaceNames, change: DirtyChange): Noted {
		const {generationKey} = names;
		if (this.#markers.has(generationKey)) {
			this.#putMarker(generationKey, change);
			return 'noted';
		}
		const isFull = markerKey !== generationKey && !this.#markers.has(markerKey) && this.size >= this.#limit;
		if (isFull && !this.#foldLost()) return this.#overflow(names, change);
		this.#putMarker(markerKey, change);
		if (!isFull) return 'noted';
		this.#overflowed++;
		return 'folded';
	}

	/**
	 * Replaces the folded keys that can be reconciled by a change of their namespace's generation.
	 *
	 * @param isIncluded True for a key whose node can be reconciled.
	 * @param mayInvalidate True for a marker whose node can be written to.
	 * @returns These markers.
	 */
	unfold(isIncluded: (name: string) => boolean, mayInvalidate: (name: string) => boolean): readonly string[] {
		if (this.#folded.size === 0) return [];
		return this.#folded.take(isIncluded, mayInvalidate).map(([generationKey, change]) => {
			this.#putMarker(generationKey, change);
			return generationKey;
		});
	}

	/**
	 * At most `limit` keys and as many markers whose commands can no longer take effect.
	 *
	 * @param names Only these names. Default: all.
	 */
	due(now: number, limit: number, names?: ReadonlySet<string>): DueChanges {
		return {keys: dueIn(this.#keys, now, limit, names), markers: dueIn(this.#markers, now, limit, names)};
	}

	/**
	 * Milliseconds until the first change is due; `undefined` if nothing is dirty.
	 *
	 * @param names As for `due`.
	 */
	nextDueIn(now: number, names?: ReadonlySet<string>): number | undefined {
		return waitUntilDue([this.#keys, this.#markers], now, names);
	}

	/** Names of everything that is dirty. @param isIncluded Default: all. */
	names(isIncluded: (name: string) => boolean = () => true): Set<string> {
		const names = new Set<string>();
		for (const from of [this.#keys, this.#markers])
			for (const name of from.keys()) if (isIncluded(name)) names.add(name);
		return names;
	}

	/** Lowers every later `finalAt` to this one: no command in flight can take effect after it. */
	finalBy(finalAt: number, asOfFor: (name: string) => number, isIncluded: (name: string) => boolean): void {
		for (const from of [this.#keys, this.#markers])
			for (const [name, change] of from)
				if (change.finalAt > finalAt && isIncluded(name)) from.set(name, {asOf: asOfFor(name), finalAt});
		this.#folded.finalBy(finalAt, asOfFor, isIncluded);
	}

	/** Removes a reconciled change. @returns False if the name has become dirty again since. */
	remove(kind: DirtyKind, name: string, change: DirtyChange): boolean {
		const from = kind === 'key' ? this.#keys : this.#markers;
		if (from.get(name) !== change) return false;
		from.delete(name);
		this.#reconciled++;
		// In the store, the marker also represents folded keys of other nodes.
		const folded = kind === 'marker' ? this.#folded.latest(name) : undefined;
		if (folded === undefined) this.#store.reconciled(kind, [name]);
		else this.#store.noted(kind, name, folded);
		if (this.size === 0) this.#store.emptied();
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
		this.#store.close();
	}

	#putMarker(markerKey: string, change: DirtyChange): void {
		const merged = latestOf(this.#markers.get(markerKey), change);
		this.#markers.set(markerKey, merged);
		this.#storeMarker(markerKey, merged);
		this.#max = Math.max(this.#max, this.size);
	}

	/** Folds the keys of lost nodes, in the namespace that has most of them. @returns False if there are none. */
	#foldLost(): boolean {
		const most = mostLostKeys(this.#keys, this.#lostNodes);
		if (most === undefined) return false;
		this.#fold(most);
		for (const [redisKey] of most.records) this.#keys.delete(redisKey);
		this.#store.reconciled('key', new Map(most.records).keys());
		return true;
	}

	#fold({generationKey, records}: LostKeys): void {
		for (const [redisKey, change] of records) this.#folded.add(generationKey, redisKey, change);
		const latest = this.#folded.latest(generationKey);
		if (latest !== undefined) this.#storeMarker(generationKey, latest);
	}

	/**
	 * In the store, folded keys are one change of their whole namespace: a process that takes the store over may find other
	 * nodes lost.
	 */
	#storeMarker(markerKey: string, change: DirtyChange): void {
		const known = latestOf(this.#markers.get(markerKey), change);
		this.#store.noted('marker', markerKey, latestOf(this.#folded.latest(markerKey), known));
	}

	#overflow({generationKey, entryPrefix}: NamespaceNames, change: DirtyChange): Noted {
		this.#overflowed++;
		const keys = removeAll(this.#keys, entryPrefix);
		const tagMarkers = removeAll(this.#markers, `${generationKey}:`);
		const merged = [...keys.values(), ...tagMarkers.values()].reduce(latestOf, change);
		// In the store as well, the new record is written before those that it replaces are removed.
		this.#putMarker(generationKey, merged);
		this.#store.reconciled('key', keys.keys());
		this.#store.reconciled('marker', tagMarkers.keys());
		// If the node of the marker is lost, the namespace cannot be invalidated now, and the nodes in use need not go out of
		// use for it.
		return this.#lostNodes.includes(generationKey) ? 'folded' : 'overflowed';
	}
}

/** Removes all names that begin with the prefix. @returns What was removed. */
function removeAll(from: Map<string, DirtyChange>, prefix: string): Map<string, DirtyChange> {
	const removed = new Map([...from].filter(([name]) => name.startsWith(prefix)));
	for (const name of removed.keys()) from.delete(name);
	return removed;
}
