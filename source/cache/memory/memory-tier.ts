/** `memory/`: the entries in this process, their budget, and the invalidations that Redis sends. */
import {LRUCache} from 'lru-cache';
import type {MemoryBudget, Tenant} from './memory-budget.js';
import {MemoryEntry, type MemoryEntryFields, weigh} from './memory-entry.js';

/** Slots that may be allocated before the first entry. */
const maxAllocated = 100_000;

/**
 * The entries of one namespace in this process's memory, with LRU eviction.
 *
 * An entry is *fresh* within its TTL, *stale* after it and within grace, and *unverified* if it may no longer be what Redis
 * has: someone changed the key, or invalidations may have been missed.
 */
export class MemoryTier implements Tenant {
	/** Incremented when invalidations may have been missed: entries of an earlier epoch are unverified. */
	epoch = 0;
	readonly #entries: LRUCache<string, MemoryEntry>;
	readonly #budget: MemoryBudget;

	/** @param onEvict Called during eviction: it must not use the tier. */
	constructor(budget: MemoryBudget, onEvict: (key: string) => void) {
		const {maxBytes, maxEntries} = budget.limits;
		this.#budget = budget;
		this.#entries = new LRUCache<string, MemoryEntry>({
			maxSize: maxBytes,
			// With `max` the cache allocates all its slots at once, 23 bytes each, and is a little faster. Others grow as needed.
			...(budget.isEmpty && maxEntries <= maxAllocated ? {max: maxEntries} : {}),
			sizeCalculation: weigh,
			onInsert: (entry) => {
				entry.isHeld = true;
			},
			dispose: (entry, key, reason) => {
				entry.isHeld = false;
				if (reason === 'evict') onEvict(key);
			},
		});
		budget.join(this);
	}

	get size(): number {
		return this.#entries.size;
	}

	get bytes(): number {
		return this.#entries.calculatedSize;
	}

	get(key: string): MemoryEntry | undefined {
		return this.#entries.get(key);
	}

	put(key: string, fields: MemoryEntryFields): MemoryEntry {
		const entry = new MemoryEntry(fields);
		const {size, bytes} = this;
		this.#entries.set(key, entry);
		this.#budget.changed(this.size - size, this.bytes - bytes);
		return entry;
	}

	/** The entry was decoded, so its size in memory has changed. */
	reweigh(key: string, entry: MemoryEntry): void {
		if (!entry.isHeld) return;
		const {size, bytes} = this;
		// Deleted first: `LRUCache` keeps the weight of an entry that is set again.
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		this.#budget.changed(this.size - size, this.bytes - bytes);
	}

	delete(key: string): void {
		const {size, bytes} = this;
		if (this.#entries.delete(key)) this.#budget.changed(this.size - size, this.bytes - bytes);
	}

	evictOldest(): void {
		const {size, bytes} = this;
		this.#entries.pop();
		this.#budget.changed(this.size - size, this.bytes - bytes);
	}

	/** The key was changed in Redis. @returns True if its entry was verified until now. */
	markUnverified(key: string): boolean {
		const entry = this.#entries.peek(key);
		if (entry === undefined) return false;
		const wasVerified = entry.epoch === this.epoch;
		entry.epoch = -1;
		return wasVerified;
	}

	/** Invalidations may have been missed. */
	markAllUnverified(): void {
		this.epoch++;
	}

	clear(): void {
		const {size, bytes} = this;
		this.#entries.clear();
		this.#budget.changed(-size, -bytes);
		// Replies in flight belong to an earlier epoch, too.
		this.epoch++;
	}

	entries(): Iterable<MemoryEntry> {
		return this.#entries.values();
	}
}
