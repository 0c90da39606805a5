import {Dict} from './dict.js';
import {type Entry, entryBytes, type Value} from './entry.js';

/** What a database tells the server about. */
export type DatabaseHost = {
	/** Unix time in milliseconds, the same throughout a command. */
	readonly now: number;
	readonly stats: {hits: number; misses: number; expired: number};
	/** A key has changed, or gone: by a command, or (`byCommand` false) by expiry or eviction. */
	keyChanged(database: Database, key: string, byCommand: boolean): void;
	/** A key has come to be that blocked clients may wait for. */
	keyAdded(database: Database, key: string): void;
};

const ttlSample = 100;

/** One of the numbered databases: keys, their values, and when they expire. */
export class Database {
	readonly #keys = new Dict<Entry>();
	readonly #volatile: Entry[] = [];
	#bytes = 0;

	constructor(
		readonly index: number,
		readonly host: DatabaseHost,
	) {}

	get size(): number {
		return this.#keys.size;
	}

	/** How many keys expire. */
	get volatileSize(): number {
		return this.#volatile.length;
	}

	/** Estimate of the memory of all keys. */
	get bytes(): number {
		return this.#bytes;
	}

	/** For reading: counts a hit or a miss, and as an access. */
	read(key: string): Entry | undefined {
		const entry = this.peek(key);
		if (entry) entry.usedAt = this.host.now;
		return entry;
	}

	/** For reading about a key: counts a hit or a miss, but not as an access. */
	peek(key: string): Entry | undefined {
		const entry = this.lookup(key);
		if (entry) this.host.stats.hits++;
		else this.host.stats.misses++;
		return entry;
	}

	/** For changing. */
	write(key: string): Entry | undefined {
		const entry = this.lookup(key);
		if (entry) entry.usedAt = this.host.now;
		return entry;
	}

	/** Only drops it if it has expired. */
	lookup(key: string): Entry | undefined {
		const entry = this.#keys.get(key);
		if (entry && this.hasExpired(entry)) {
			this.expire(entry);
			return undefined;
		}
		return entry;
	}

	/** Whatever its time to live. */
	raw(key: string): Entry | undefined {
		return this.#keys.get(key);
	}

	hasExpired(entry: Entry): boolean {
		return entry.expireAt !== 0 && entry.expireAt <= this.host.now;
	}

	expire(entry: Entry): void {
		this.host.stats.expired++;
		this.remove(entry.key);
		this.host.keyChanged(this, entry.key, false);
	}

	/** The key must not exist. */
	add(key: string, value: Value): Entry {
		const entry: Entry = {
			key,
			sequence: 0,
			slot: 0,
			value,
			expireAt: 0,
			volatileSlot: -1,
			usedAt: this.host.now,
			bytes: 0,
			encoding: undefined,
		};
		this.#keys.add(entry);
		this.measure(entry);
		if (typeof value === 'object' && value.type !== 'hash') this.host.keyAdded(this, key);
		return entry;
	}

	/** Sets or replaces a value; `keepTtl`: the expiry stays. Tells nobody: call `changed`. */
	set(key: string, value: Value, keepTtl = false): Entry {
		const entry = this.lookup(key);
		if (!entry) return this.add(key, value);
		const becomesWaitable = typeof value === 'object' && typeof entry.value !== typeof value;
		entry.value = value;
		entry.encoding = undefined;
		entry.usedAt = this.host.now;
		if (!keepTtl) this.setExpiry(entry, 0);
		this.measure(entry);
		if (becomesWaitable) this.host.keyAdded(this, key);
		return entry;
	}

	/** Tells nobody. */
	remove(key: string): boolean {
		const entry = this.#keys.delete(key);
		if (!entry) return false;
		this.#bytes -= entry.bytes;
		this.#dropVolatile(entry);
		return true;
	}

	/** `at`: Unix time in milliseconds; 0: never. */
	setExpiry(entry: Entry, at: number): void {
		entry.expireAt = at;
		if (at === 0) this.#dropVolatile(entry);
		else if (entry.volatileSlot < 0) {
			entry.volatileSlot = this.#volatile.length;
			this.#volatile.push(entry);
		}
		this.measure(entry);
	}

	/** To be called after every change by a command. */
	changed(key: string): void {
		const entry = this.#keys.get(key);
		if (entry) this.measure(entry);
		this.host.keyChanged(this, key, true);
	}

	measure(entry: Entry): void {
		const bytes = entryBytes(entry);
		this.#bytes += bytes - entry.bytes;
		entry.bytes = bytes;
	}

	clear(): void {
		this.#keys.clear();
		this.#volatile.length = 0;
		this.#bytes = 0;
	}

	entries(): IterableIterator<Entry> {
		return this.#keys[Symbol.iterator]();
	}

	scan(cursor: number, count: number, visit: (entry: Entry) => void): number {
		return this.#keys.scan(cursor, count, visit);
	}

	random(): Entry | undefined {
		return this.#keys.random();
	}

	randomVolatile(): Entry | undefined {
		return this.#volatile[Math.floor(Math.random() * this.#volatile.length)];
	}

	/** Milliseconds until a key that expires does so, from a sample. */
	averageTtl(): number {
		const sample = this.#volatile.slice(0, ttlSample);
		const total = sample.reduce((sum, {expireAt}) => sum + Math.max(0, expireAt - this.host.now), 0);
		return sample.length === 0 ? 0 : Math.floor(total / sample.length);
	}

	#dropVolatile(entry: Entry): void {
		const slot = entry.volatileSlot;
		if (slot < 0) return;
		entry.volatileSlot = -1;
		const last = this.#volatile.pop();
		if (last && last !== entry) {
			this.#volatile[slot] = last;
			last.volatileSlot = slot;
		}
	}
}
