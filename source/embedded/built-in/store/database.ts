import {Dict} from './dict.js';
import {type Entry, entryBytes, type Value} from './entry.js';

/** The part of the server that a database uses. */
export type DatabaseHost = {
	/** Unix time in milliseconds, constant during a command. */
	readonly now: number;
	readonly stats: {hits: number; misses: number; expired: number};
	/** A key was changed or removed, by a command or (`byCommand` false) by expiry or eviction. */
	keyChanged(database: Database, key: string, byCommand: boolean): void;
	/** A key was created that blocked clients may wait for. */
	keyAdded(database: Database, key: string): void;
};

const ttlSample = 100;

/** One of the numbered databases: keys, values and expiries. */
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

	/** Number of keys with an expiry. */
	get volatileSize(): number {
		return this.#volatile.length;
	}

	/** Estimate of the memory of all keys. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Looks up a key to read its value. Counts a hit or a miss, and updates the access time. */
	read(key: string): Entry | undefined {
		const entry = this.peek(key);
		if (entry) entry.usedAt = this.host.now;
		return entry;
	}

	/** Looks up a key to read about it. Counts a hit or a miss, but does not update the access time. */
	peek(key: string): Entry | undefined {
		const entry = this.lookup(key);
		if (entry) this.host.stats.hits++;
		else this.host.stats.misses++;
		return entry;
	}

	/** Looks up a key to change it. */
	write(key: string): Entry | undefined {
		const entry = this.lookup(key);
		if (entry) entry.usedAt = this.host.now;
		return entry;
	}

	/** Looks up a key and removes it if it has expired, without any statistics. */
	lookup(key: string): Entry | undefined {
		const entry = this.#keys.get(key);
		if (entry && this.hasExpired(entry)) {
			this.expire(entry);
			return undefined;
		}
		return entry;
	}

	/** Looks up a key even if it has expired. */
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

	/** Adds a key that does not exist. */
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

	/** Sets or replaces a value; with `keepTtl` it keeps its expiry. Does not notify: call `changed`. */
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

	/** Removes a key. Does not notify: call `changed`. */
	remove(key: string): boolean {
		const entry = this.#keys.delete(key);
		if (!entry) return false;
		this.#bytes -= entry.bytes;
		this.#dropVolatile(entry);
		return true;
	}

	/** @param at Unix time in milliseconds; 0 for never. */
	setExpiry(entry: Entry, at: number): void {
		entry.expireAt = at;
		if (at === 0) this.#dropVolatile(entry);
		else if (entry.volatileSlot < 0) {
			entry.volatileSlot = this.#volatile.length;
			this.#volatile.push(entry);
		}
		this.measure(entry);
	}

	/** Notifies of a change. Call it after every change by a command. */
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

	/** Average remaining TTL of a sample of keys, in milliseconds. */
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
