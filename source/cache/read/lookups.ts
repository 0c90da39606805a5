import {ClosedError, RedisCacheError} from '../../pool/errors.js';
import {CorruptEntryError, UnavailableError} from '../api/errors.js';
import type {CacheCore} from '../core.js';
import type {Parsed, StoredEntry} from '../entry/entry.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-tier.js';
import {TurnClock} from '../memory/turn-clock.js';
import {localNow} from '../support/server-clock.js';
import {type Hit, type PendingRead, PromisedLook, type ReadResult} from './lookup.js';
import type {Reply} from './read-request.js';

/** How far ahead of the server's clock, in µs, an entry may be. */
const futureSlackMicros = 1_000_000;

const fromMemoryNothing: ReadResult = {
	found: undefined,
	stale: false,
	viaRedis: false,
	seenVersion: 0,
	lease: 0,
	mark: 0,
};

/** Everything that reads entries: from memory when it can be believed, else from Redis, else from memory for want of Redis. */
export class Lookups {
	readonly #core: CacheCore;
	readonly #clock = new TurnClock();

	constructor(core: CacheCore) {
		this.#core = core;
	}

	/** The hot path: an entry in memory that needs no further look. */
	believed(space: Namespace, key: string): MemoryEntry | undefined {
		const {tier} = space;
		if (tier === undefined || !this.#core.inUse) return undefined;
		const entry = tier.get(key);
		if (entry === undefined || entry.epoch !== tier.epoch) return undefined;
		const now = this.#clock.now();
		if (now >= entry.freshUntil || now >= entry.trustedUntil) return undefined;
		if (entry.tags.length > 0 && !this.#tagsHold(space, entry)) return undefined;
		return entry.encoded === undefined || this.#decode(space, key, entry) ? entry : undefined;
	}

	/** Decodes an entry that was set by this process, at its first use. Only a codec that cannot read its own bytes fails. */
	#decode(space: Namespace, key: string, entry: MemoryEntry): boolean {
		if (entry.encoded === undefined) return true;
		try {
			const {codec, compression, payload} = entry.encoded;
			entry.value = this.#core.settings.coder.decode(codec, compression, payload);
			entry.encoded = undefined;
			return true;
		} catch (error) {
			space.tier?.delete(key);
			this.#undecodable(key, error);
			return false;
		}
	}

	/** @throws {RedisCacheError} only with `strict`: Redis could not be asked. */
	find(space: Namespace, key: string, physical: string, strict: boolean): Promise<ReadResult> {
		return new Promise((resolve, reject) =>
			this.look(new PromisedLook(this, space, key, physical, strict, resolve, reject)),
		);
	}

	/** As `find`, without a promise of its own: on the way of every read, each one less is felt. */
	look(look: PendingRead): void {
		const core = this.#core;
		const {space, key, physical} = look;
		if (core.degradation.starting) {
			void core.degradation.startup.then(() => this.look(look));
			return;
		}
		if (!core.connected) {
			if (look.strict)
				look.fail(
					new UnavailableError(
						`Redis is not in use (${core.degradation.mode.reason}): try again later, or call without strict`,
					),
				);
			else look.done(this.#inMemory(space, key));
			return;
		}
		if (core.isOurs(space, physical)) {
			look.done(this.#inMemory(space, key));
			return;
		}
		look.epoch = space.tier?.epoch ?? 0;
		core.reader.read(space.keys, look);
	}

	/** @internal For `Look`. */
	answered(look: PendingRead, parsed: Parsed, mark: number, reply: Reply): void {
		// The key may have become ours while the answer was on its way; what it says is still newer than the call.
		if (typeof parsed === 'string' || parsed.tags.length === 0) {
			look.done(this.#inRedis(look, parsed, mark, reply));
			return;
		}
		this.#tagsAllow(look.space, parsed).then(
			(allowed) =>
				look.done(
					allowed
						? this.#inRedis(look, parsed, this.#core.marks.newest(look.space.keys.markKey, mark), reply)
						: this.#nothing(look, mark, reply, parsed.version, parsed.lease),
				),
			(error: Error) => this.withoutRedis(look, error),
		);
	}

	/** @internal For `Look`. */
	withoutRedis(look: PendingRead, error: Error): void {
		if (this.#core.closed) look.fail(new ClosedError('the cache'));
		else if (look.strict) look.fail(error);
		else look.done(this.#inMemory(look.space, look.key));
	}

	#inMemory(space: Namespace, key: string): ReadResult {
		const entry = space.tier?.get(key);
		if (entry === undefined) return fromMemoryNothing;
		const {marks} = this.#core;
		if (
			!marks.allows(space.keys.markKey, entry.asOf, entry.version) ||
			entry.tags.some((tag) => !marks.allows(space.keys.tagMark(tag), entry.asOf, entry.version))
		) {
			space.tier?.delete(key);
			return fromMemoryNothing;
		}
		const now = localNow();
		if (now >= entry.staleUntil || !this.#decode(space, key, entry)) return fromMemoryNothing;
		return {...fromMemoryNothing, found: this.#foundInMemory(entry), stale: now >= entry.freshUntil};
	}

	#foundInMemory(entry: MemoryEntry): Hit {
		const {kind, value, version, obtainedAt, freshUntil, staleUntil, ttlMs} = entry;
		return {kind, value, source: 'memory', version, obtainedAt, freshUntil, staleUntil, ttlMs};
	}

	#inRedis(look: PendingRead, parsed: Parsed, mark: number, reply: Reply): ReadResult {
		const core = this.#core;
		const {space, key, physical} = look;
		const {at, serverNow} = reply;
		// Whether the key changed while the answer was on its way: then the answer is not kept.
		const overtaken = space.tier !== undefined && core.changes.changedSince(physical, reply.sequence);
		if (typeof parsed === 'string') {
			if (parsed === 'foreign') this.corrupt(key, 'the bytes there are not an entry of this version');
			return this.#nothing(look, mark, reply, 0, 0);
		}
		const {version, lease} = parsed;
		// Written before the server's clock was set back: no change made since can be told to be newer.
		const isFromTheFuture = parsed.asOf > reply.serverLatest + futureSlackMicros;
		const cleared = isFromTheFuture || mark === 0 || parsed.asOf <= mark;
		if (parsed.kind === 'lease' || cleared) return this.#nothing(look, mark, reply, version, lease);
		const before = space.tier?.get(key);
		// Another read, asked for at the same time, may have seen what came after what this one saw.
		const isOutdone = before !== undefined && before.version > version;
		if (isOutdone && !overtaken && before.heardAt < reply.askedAt) {
			// Redis went back in time, or its clock did: which of the two is newer cannot be told, so neither is believed.
			core.dirty.noteKey(physical, at, space.keys);
			space.tier?.delete(key);
			return this.#nothing(look, mark, reply, version, lease);
		}
		// The server's time is a guess: nothing has longer to live than it was given.
		const freshUntil = at + Math.min((parsed.freshUntil - serverNow) / 1000, parsed.ttlMs);
		const staleUntil = freshUntil + parsed.graceMs;
		let value: unknown;
		if (parsed.kind === 'value') {
			if (before !== undefined && before.version === version && this.#decode(space, key, before)) value = before.value;
			else {
				try {
					value = core.settings.coder.decode(parsed.codec, parsed.compression, parsed.bytes, parsed.payloadAt);
				} catch (error) {
					this.#undecodable(key, error);
					return this.#nothing(look, mark, reply, version, lease);
				}
			}
		}
		if (at >= staleUntil) return {found: undefined, stale: true, viaRedis: true, seenVersion: version, lease, mark};
		const obtainedAt = at - Math.max(0, serverNow - parsed.asOf) / 1000;
		const {kind, ttlMs, tags} = parsed;
		if (space.tier !== undefined && !overtaken && !isOutdone && !core.isOurs(space, physical)) {
			// Each field by its name: spreading an object takes longer than the rest of a read.
			space.tier.put(key, {
				kind,
				encoded: undefined,
				value,
				version,
				asOf: parsed.asOf,
				obtainedAt,
				heardAt: at,
				freshUntil,
				staleUntil,
				ttlMs,
				tags,
				bytes: parsed.bytes.length - parsed.payloadAt,
				epoch: look.epoch,
				trustedUntil: core.trustUntil(at),
			});
		}
		const found: Hit = {kind, value, source: 'redis', version, obtainedAt, freshUntil, staleUntil, ttlMs};
		return {found, stale: at >= freshUntil, viaRedis: true, seenVersion: version, lease, mark};
	}

	#nothing(look: PendingRead, mark: number, reply: Reply, seenVersion: number, lease: number): ReadResult {
		const {tier} = look.space;
		if (tier !== undefined && !this.#core.changes.changedSince(look.physical, reply.sequence)) tier.delete(look.key);
		return {found: undefined, stale: false, viaRedis: true, seenVersion, lease, mark};
	}

	/** Whether the marks of an entry's tags all exist and are older than the entry. */
	async #tagsAllow(space: Namespace, entry: StoredEntry): Promise<boolean> {
		const {marks, owned, journal, reader} = this.#core;
		const markKeys = entry.tags.map((tag) => space.keys.tagMark(tag));
		if (markKeys.some((markKey) => owned.has(markKey) || journal.hasMark(markKey))) return false;
		// All at once: however many tags there are, they take one round trip.
		const read = await Promise.all(markKeys.map((markKey) => marks.current(markKey) ?? reader.readMark(markKey)));
		return markKeys.every((markKey, index) => {
			const mark = read[index] ?? 0;
			return mark > 0 && entry.asOf > Math.max(mark, marks.known(markKey));
		});
	}

	#tagsHold(space: Namespace, {tags, asOf, version}: MemoryEntry): boolean {
		const {marks} = this.#core;
		for (const tag of tags) {
			const markKey = space.keys.tagMark(tag);
			if (marks.current(markKey) === undefined || !marks.allows(markKey, asOf, version)) return false;
		}
		return true;
	}

	#undecodable(key: string, error: unknown): void {
		if (error instanceof RedisCacheError) this.corrupt(key, error.message);
		// What JSON.parse says quotes the value.
		else if (error instanceof SyntaxError) this.corrupt(key, 'it is not the JSON that was written');
		else this.corrupt(key, `its codec threw ${error instanceof Error ? error.name : typeof error}`, error);
	}

	corrupt(key: string, why: string, cause?: unknown): void {
		const core = this.#core;
		core.counters.corrupt++;
		if (core.emitter.wants('error'))
			core.emitter.emit('error', {operation: 'decode', error: new CorruptEntryError(key, why, {cause})});
	}
}
