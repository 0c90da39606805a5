import type {CacheCore} from './core.js';
import type {StoredEntry} from './entry.js';
import {UnavailableError} from './errors.js';
import type {MemoryEntry} from './memory-tier.js';
import type {ReadResult} from './reader.js';
import {localNow} from './server-clock.js';
import type {Space} from './space.js';

/** A value that was found, and where. Times are local milliseconds. */
export type Found = {
	readonly kind: 'value' | 'absent';
	readonly value: unknown;
	readonly source: 'memory' | 'redis';
	readonly version: number;
	readonly obtainedAt: number;
	readonly freshUntil: number;
	readonly staleUntil: number;
	readonly ttlMs: number;
};

export type Lookup = {
	/** What there is, if it is not past its grace. */
	readonly found: Found | undefined;
	/** Whether it is past its TTL. */
	readonly stale: boolean;
	/** Whether Redis was asked and answered. */
	readonly viaRedis: boolean;
	/** Version of what Redis had, live or not; 0: nothing. */
	readonly seenVersion: number;
	/** The lease in Redis at that time; 0: none. */
	readonly lease: number;
};

const fromMemoryNothing: Lookup = {found: undefined, stale: false, viaRedis: false, seenVersion: 0, lease: 0};

/** Everything that reads entries: from memory when it can be believed, else from Redis, else from memory for want of Redis. */
export class Lookups {
	readonly #core: CacheCore;

	constructor(core: CacheCore) {
		this.#core = core;
	}

	/** The hot path: an entry in memory that needs no further look. */
	believed(space: Space, key: string): MemoryEntry | undefined {
		const {tier} = space;
		const entry = tier?.get(key);
		if (
			entry === undefined ||
			tier === undefined ||
			entry.epoch !== tier.epoch ||
			!this.#core.connected ||
			this.#core.closed
		)
			return undefined;
		const now = localNow();
		if (now >= entry.freshUntil || now >= entry.trustedUntil) return undefined;
		if (entry.tags.length > 0 && !this.#tagsHold(space, entry.tags, entry.asOf)) return undefined;
		return entry.encoded === undefined || this.#decode(space, key, entry) ? entry : undefined;
	}

	/** Decodes an entry that was set by this process, at its first use. Only a codec that cannot read its own bytes fails. */
	#decode(space: Space, key: string, entry: MemoryEntry): boolean {
		if (entry.encoded === undefined) return true;
		try {
			const {codec, compression, payload} = entry.encoded;
			entry.value = this.#core.settings.coder.decode(codec, compression, payload);
			entry.encoded = undefined;
			return true;
		} catch (error) {
			space.tier?.delete(key);
			this.#corrupt(key, error instanceof Error ? error.message : String(error));
			return false;
		}
	}

	/** @throws {RedisCacheError} only with `strict`: Redis could not be asked. */
	async find(space: Space, key: string, physical: string, strict: boolean): Promise<Lookup> {
		const core = this.#core;
		if (core.degradation.starting) await core.degradation.startup;
		if (!core.connected) {
			if (strict)
				throw new UnavailableError(
					`Redis is not in use (${core.degradation.mode.reason}): try again later, or call without strict`,
				);
			return this.#inMemory(space, key);
		}
		if (core.isOurs(space, physical)) return this.#inMemory(space, key);
		const started = localNow();
		try {
			const result = await core.reader.read(space.keys, physical, space.tier?.epoch ?? 0);
			core.degradation.success();
			// The key may have become ours while the answer was on its way; what it says is still newer than the call.
			return await this.#inRedis(space, key, physical, result);
		} catch (error) {
			core.assertOpen();
			const failure = error instanceof Error ? error : new Error(String(error));
			core.failed('get', failure, false);
			if (strict) throw failure;
			return this.#inMemory(space, key);
		} finally {
			core.latency.get.record(localNow() - started);
		}
	}

	#inMemory(space: Space, key: string): Lookup {
		const entry = space.tier?.get(key);
		if (entry === undefined) return fromMemoryNothing;
		const {marks} = this.#core;
		if (
			entry.asOf <= marks.known(space.keys.markKey) ||
			entry.tags.some((tag) => entry.asOf <= marks.known(space.keys.tagMark(tag)))
		) {
			space.tier?.delete(key);
			return fromMemoryNothing;
		}
		const now = localNow();
		if (now >= entry.staleUntil || !this.#decode(space, key, entry)) return fromMemoryNothing;
		return {...fromMemoryNothing, found: this.#foundInMemory(entry), stale: now >= entry.freshUntil};
	}

	#foundInMemory(entry: MemoryEntry): Found {
		const {kind, value, version, obtainedAt, freshUntil, staleUntil, ttlMs} = entry;
		return {kind, value, source: 'memory', version, obtainedAt, freshUntil, staleUntil, ttlMs};
	}

	async #inRedis(space: Space, key: string, physical: string, result: ReadResult): Promise<Lookup> {
		const core = this.#core;
		const {parsed} = result;
		const overtaken = () => core.changes.changedSince(physical, result.sequence);
		const nothing = (seenVersion: number, lease: number): Lookup => {
			if (!overtaken()) space.tier?.delete(key);
			return {found: undefined, stale: false, viaRedis: true, seenVersion, lease};
		};
		if (parsed === 'missing') return nothing(0, 0);
		if (parsed === 'foreign') {
			this.#corrupt(key, 'the bytes there are not an entry of this version');
			return nothing(0, 0);
		}
		if (parsed.kind === 'lease' || !(await this.#holds(space, parsed, result.mark)))
			return nothing(parsed.version, parsed.lease);
		const before = space.tier?.get(key);
		if (before !== undefined && before.version > parsed.version && !overtaken()) {
			// Redis went back in time: a replica that lagged behind has become the master. What it has is not to be believed.
			core.noteKey(space, physical, localNow());
			return this.#inMemory(space, key);
		}
		const now = localNow();
		const freshUntil = now + (parsed.freshUntil - core.clock.estimate(now)) / 1000;
		const staleUntil = freshUntil + parsed.graceMs;
		const known =
			before !== undefined && before.version === parsed.version && this.#decode(space, key, before)
				? before
				: undefined;
		let value: unknown;
		try {
			if (parsed.kind === 'value')
				value =
					known === undefined
						? core.settings.coder.decode(parsed.codec, parsed.compression, parsed.payload)
						: known.value;
		} catch (error) {
			this.#corrupt(key, error instanceof Error ? error.message : String(error));
			return nothing(parsed.version, parsed.lease);
		}
		const found: Found = {
			kind: parsed.kind,
			value,
			source: 'redis',
			version: parsed.version,
			obtainedAt: now - Math.max(0, core.clock.estimate(now) - parsed.asOf) / 1000,
			freshUntil,
			staleUntil,
			ttlMs: parsed.ttlMs,
		};
		const lookup: Lookup = {
			found: now < staleUntil ? found : undefined,
			stale: now >= freshUntil,
			viaRedis: true,
			seenVersion: parsed.version,
			lease: parsed.lease,
		};
		if (space.tier !== undefined && lookup.found !== undefined && !overtaken() && !core.isOurs(space, physical)) {
			space.tier.put(key, {
				...found,
				encoded: undefined,
				asOf: parsed.asOf,
				tags: parsed.tags,
				bytes: parsed.payload.length,
				epoch: result.epoch,
				trustedUntil: core.trustUntil(now),
			});
		}
		return lookup;
	}

	/** Whether none of an entry's marks has passed it by, and all of them exist. */
	async #holds(space: Space, entry: StoredEntry, mark: number): Promise<boolean> {
		const core = this.#core;
		if (mark === 0 || entry.asOf <= Math.max(mark, core.marks.known(space.keys.markKey))) return false;
		for (const tag of entry.tags) {
			const markKey = space.keys.tagMark(tag);
			if (core.owned.has(markKey) || core.journal.hasMark(markKey)) return false;
			const read = core.marks.current(markKey) ?? (await core.reader.readMark(markKey));
			if (read === 0 || entry.asOf <= Math.max(read, core.marks.known(markKey))) return false;
		}
		return true;
	}

	#tagsHold(space: Space, tags: readonly string[], asOf: number): boolean {
		const {marks} = this.#core;
		for (const tag of tags) {
			const mark = marks.current(space.keys.tagMark(tag));
			if (mark === undefined || asOf <= mark) return false;
		}
		return true;
	}

	#corrupt(key: string, why: string): void {
		const core = this.#core;
		core.counters.corrupt++;
		if (core.emitter.wants('error'))
			core.emitter.emit('error', {
				operation: 'decode',
				error: new Error(`${JSON.stringify(key)} cannot be read: ${why}; counted as a miss`),
			});
	}
}
