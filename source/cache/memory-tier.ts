import {LRUCache} from 'lru-cache';
import type {Encoded} from './codec.js';

/** An entry in this process's memory. Times are local milliseconds, unless they say µs. */
export type MemoryRecord = {
	readonly kind: 'value' | 'absent';
	/** The bytes until someone wants the value: what the caller passed to `set` may change after it. */
	encoded: Encoded | undefined;
	value: unknown;
	/** Version in Redis; 0 while only this process knows the entry. */
	version: number;
	/** Server time in µs at which the value was obtained. */
	asOf: number;
	readonly obtainedAt: number;
	readonly freshUntil: number;
	readonly staleUntil: number;
	readonly ttlMs: number;
	readonly tags: readonly string[];
	readonly bytes: number;
	/** The tier's epoch in which it was last known to be what Redis has; an older one makes it a suspect. */
	epoch: number;
	/** Until when it is believed without asking, where the server does not tell of changes. */
	trustedUntil: number;
};

/** One shape for all entries, wherever they come from: reading a field of many shapes costs more than the rest of a hit. */
export class MemoryEntry implements MemoryRecord {
	readonly kind: 'value' | 'absent';
	encoded: Encoded | undefined;
	value: unknown;
	version: number;
	asOf: number;
	readonly obtainedAt: number;
	readonly freshUntil: number;
	readonly staleUntil: number;
	readonly ttlMs: number;
	readonly tags: readonly string[];
	readonly bytes: number;
	epoch: number;
	trustedUntil: number;

	constructor(record: MemoryRecord) {
		this.kind = record.kind;
		this.encoded = record.encoded;
		this.value = record.value;
		this.version = record.version;
		this.asOf = record.asOf;
		this.obtainedAt = record.obtainedAt;
		this.freshUntil = record.freshUntil;
		this.staleUntil = record.staleUntil;
		this.ttlMs = record.ttlMs;
		this.tags = record.tags;
		this.bytes = record.bytes;
		this.epoch = record.epoch;
		this.trustedUntil = record.trustedUntil;
	}
}

export type MemoryLimits = {readonly maxEntries: number; readonly maxBytes: number};

/** Room an entry takes beside its value: the header object, the key, the list's links. */
const overheadBytes = 160;

/** The entries of one namespace in this process's memory: least recently used goes first. */
export class MemoryTier {
	/** Raised whenever changes may have been missed: every entry from before is a suspect, to be checked before it is believed. */
	epoch = 0;
	readonly #entries: LRUCache<string, MemoryEntry>;

	constructor(limits: MemoryLimits, onEvict: (key: string) => void) {
		this.#entries = new LRUCache<string, MemoryEntry>({
			max: limits.maxEntries,
			maxSize: limits.maxBytes,
			dispose: (_entry, key, reason) => {
				if (reason === 'evict') onEvict(key);
			},
		});
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

	/** Whether this very entry is still the one that is kept. */
	holds(key: string, entry: MemoryEntry): boolean {
		return this.#entries.peek(key) === entry;
	}

	/** @returns The entry as it is kept. */
	put(key: string, record: MemoryRecord): MemoryEntry {
		const entry = new MemoryEntry(record);
		this.#entries.set(key, entry, {size: entry.bytes + key.length + overheadBytes});
		return entry;
	}

	delete(key: string): void {
		this.#entries.delete(key);
	}

	suspect(key: string): void {
		const entry = this.#entries.peek(key);
		if (entry !== undefined) entry.epoch = -1;
	}

	suspectAll(): void {
		this.epoch++;
	}

	clear(): void {
		this.#entries.clear();
		this.epoch++;
	}

	entries(): Iterable<MemoryEntry> {
		return this.#entries.values();
	}
}
