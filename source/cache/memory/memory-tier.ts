import {LRUCache} from 'lru-cache';
import type {Encoded} from '../entry/codec.js';
import type {MemoryBudget, Tenant} from './memory-budget.js';

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
	/** When this process came to know of it. */
	readonly heardAt: number;
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
	readonly heardAt: number;
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
		this.heardAt = record.heardAt;
		this.freshUntil = record.freshUntil;
		this.staleUntil = record.staleUntil;
		this.ttlMs = record.ttlMs;
		this.tags = record.tags;
		this.bytes = record.bytes;
		this.epoch = record.epoch;
		this.trustedUntil = record.trustedUntil;
	}
}

/** What an entry takes beside its value and its key, as measured: its fields, those that are boxed, and its place in the list. */
const overheadBytes = 340;

/** Arrays and objects take about twice the bytes they are encoded in, strings and buffers about as many. */
function weigh({bytes, encoded, value}: MemoryRecord, key: string): number {
	const isStructure =
		encoded === undefined ? typeof value === 'object' && !(value instanceof Uint8Array) : !isText(encoded.payload);
	return overheadBytes + key.length + (isStructure ? 2 * bytes : bytes);
}

/** Whether encoded bytes are those of one string, as far as that can be told at a glance. */
function isText(payload: Encoded['payload']): boolean {
	return typeof payload !== 'string' || payload.charCodeAt(0) === 0x22;
}

/** The entries of one namespace in this process's memory: least recently used goes first. */
export class MemoryTier implements Tenant {
	/** Raised whenever changes may have been missed: every entry from before is a suspect, to be checked before it is believed. */
	epoch = 0;
	readonly #entries: LRUCache<string, MemoryEntry>;
	readonly #budget: MemoryBudget;

	constructor(budget: MemoryBudget, onEvict: (key: string) => void) {
		const {maxBytes, maxEntries} = budget.limits;
		this.#budget = budget;
		this.#entries = new LRUCache<string, MemoryEntry>({
			maxSize: maxBytes,
			// Room is made for this many at once: where there are many namespaces, each takes what it needs.
			...(budget.isEmpty ? {max: maxEntries} : {}),
			sizeCalculation: weigh,
			dispose: (_entry, key, reason) => {
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

	/** Whether this very entry is still the one that is kept. */
	holds(key: string, entry: MemoryEntry): boolean {
		return this.#entries.peek(key) === entry;
	}

	/** @returns The entry as it is kept. */
	put(key: string, record: MemoryRecord): MemoryEntry {
		const entry = new MemoryEntry(record);
		const {size, bytes} = this;
		this.#entries.set(key, entry);
		this.#budget.changed(this.size - size, this.bytes - bytes);
		return entry;
	}

	evictOldest(): void {
		const {size, bytes} = this;
		this.#entries.pop();
		this.#budget.changed(this.size - size, this.bytes - bytes);
	}

	delete(key: string): void {
		const {size, bytes} = this;
		if (this.#entries.delete(key)) this.#budget.changed(this.size - size, this.bytes - bytes);
	}

	suspect(key: string): void {
		const entry = this.#entries.peek(key);
		if (entry !== undefined) entry.epoch = -1;
	}

	suspectAll(): void {
		this.epoch++;
	}

	clear(): void {
		const {size, bytes} = this;
		this.#entries.clear();
		this.#budget.changed(-size, -bytes);
		this.epoch++;
	}

	entries(): Iterable<MemoryEntry> {
		return this.#entries.values();
	}
}
