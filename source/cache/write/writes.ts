import type {Argument} from '../../pool/types.js';
import {UnavailableError} from '../api/errors.js';
import type {Duration, ExpireResult, SetOptions, WriteOptions, WriteResult} from '../api/types.js';
import type {CacheCore} from '../core.js';
import {checkKey, checkTags} from '../keys/key-builder.js';
import type {Namespace} from '../keys/namespace.js';
import {ChangeClock} from '../memory/change-clock.js';
import type {MemoryEntry} from '../memory/memory-tier.js';
import {milliseconds} from '../options/duration.js';
import type {Outcome} from '../scripts/script-call.js';
import {deleteScript, expireScript} from '../scripts/scripts.js';
import {localNow} from '../support/server-clock.js';
import {MarkWrites} from '../tags/mark-writes.js';
import {KeyWrites} from './key-writes.js';
import {PlainWrite} from './plain-write.js';
import {type NewValue, SetWrite} from './set-write.js';
import {inMemory, inRedis} from './write-results.js';

const noTags: readonly string[] = [];
const noArguments: readonly Argument[] = [];

/** Everything that changes Redis on a caller's behalf. Memory is changed first, in the same turn as the call. */
export class Writes {
	readonly marks: MarkWrites;
	readonly #core: CacheCore;
	readonly #keys: KeyWrites;
	/** Marks that this process has moved: what was set before may reach Redis after that, on another lane. */
	readonly #moves = new ChangeClock(1024);

	constructor(core: CacheCore) {
		this.#core = core;
		this.marks = new MarkWrites(core);
		this.#keys = new KeyWrites(core, this.marks);
	}

	set(space: Namespace, key: string, value: unknown, options: SetOptions | undefined): Promise<WriteResult> {
		try {
			const core = this.#core;
			core.assertOpen();
			checkKey(key);
			const tags = options?.tags ?? noTags;
			if (tags.length > 0) checkTags(tags);
			const encoded = core.settings.coder.encode(value);
			const life = core.settings.ttl.lifetime(key, options);
			if (life.ttlMs === 0) return this.delete(space, key, options);
			const strict = options?.strict ?? core.settings.strict;
			if (!strict || core.connected) return this.#set(space, key, {encoded, life, tags}, strict);
			if (core.degradation.starting) return this.#setInLine(space, key, {encoded, life, tags});
			core.assertInUse();
			return this.#set(space, key, {encoded, life, tags}, strict);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/**
	 * A strict set before the first connection: it changes nothing unless Redis is there, and then it is carried out where
	 * it stands in the line of all that wait.
	 */
	async #setInLine(space: Namespace, key: string, value: NewValue): Promise<WriteResult> {
		const core = this.#core;
		const begun = this.#moves.now;
		await core.degradation.startup;
		core.assertInUse();
		// Others in the line may come before it or after it: memory would have to know which.
		const isAlone = !core.owned.has(space.keys.entry(key));
		if (!isAlone) space.tier?.delete(key);
		return this.#set(space, key, value, true, isAlone, begun);
	}

	#set(
		space: Namespace,
		key: string,
		value: NewValue,
		strict: boolean,
		isRemembered = true,
		begun = this.#moves.now,
	): Promise<WriteResult> {
		const core = this.#core;
		const physical = space.keys.entry(key);
		core.counters.sets++;
		core.changing(physical);
		const sequence = core.changes.now;
		const entry = isRemembered ? this.#remember(space, key, value) : undefined;
		return new Promise((resolve, reject) => {
			const write = new SetWrite(
				this.#keys,
				core,
				space,
				key,
				physical,
				strict,
				value,
				entry,
				sequence,
				this.#moves,
				begun,
				resolve,
				reject,
			);
			this.#keys.begin(write);
		});
	}

	async delete(space: Namespace, key: string, options: WriteOptions | undefined): Promise<WriteResult> {
		const core = this.#core;
		core.assertOpen();
		checkKey(key);
		const strict = options?.strict ?? core.settings.strict;
		if (strict && !core.connected) {
			// Of all who wait for the first connection, who called first comes first: so not by way of another promise.
			if (core.degradation.starting) await core.degradation.startup;
			core.assertInUse();
		}
		const physical = space.keys.entry(key);
		core.counters.deletes++;
		core.changing(physical);
		space.tier?.delete(key);
		const result = await new Promise<Outcome>((resolve) =>
			this.#keys.begin(
				new PlainWrite(this.#keys, 'delete', space, physical, strict, deleteScript, noArguments, noTags, resolve),
			),
		);
		if (!result.done && strict)
			throw (
				result.error ??
				new UnavailableError(
					`delete of ${JSON.stringify(key)} reached Redis too late and was not carried out: try again`,
				)
			);
		const written = result.done ? inRedis : inMemory;
		if (core.emitter.wants('delete')) core.emitter.emit('delete', {namespace: space.keys.namespace, key, ...written});
		return written;
	}

	/** @param ttl `undefined`: the one the entry was given. */
	async expire(
		space: Namespace,
		key: string,
		ttl: Duration | undefined,
		options?: WriteOptions | undefined,
	): Promise<ExpireResult> {
		const core = this.#core;
		core.assertOpen();
		checkKey(key);
		const ttlMs = ttl === undefined ? undefined : core.settings.ttl.within(milliseconds(ttl, 'ttl'));
		const strict = options?.strict ?? core.settings.strict;
		const entry = space.tier?.get(key);
		if (ttlMs === 0) return {...(await this.delete(space, key, options)), applied: entry !== undefined};
		const physical = space.keys.entry(key);
		const now = localNow();
		const alive = entry !== undefined && entry.kind === 'value' && entry.freshUntil > now;
		if (alive) {
			const life = ttlMs ?? entry.ttlMs;
			space.tier?.put(key, {
				...entry,
				ttlMs: life,
				freshUntil: now + life,
				staleUntil: now + life + (entry.staleUntil - entry.freshUntil),
				epoch: -1,
			});
		}
		if (core.connected && core.isDirty(space, physical)) return {stored: 'memory', applied: alive};
		if (strict && !core.connected) {
			if (core.degradation.starting) await core.degradation.startup;
			core.assertInUse();
		}
		// Sessions that are only ever read and prolonged keep their mark alive, too.
		if (core.connected) void this.marks.ensureAll(space, noTags).catch(() => {});
		const args = [ttlMs ?? -1, core.marks.known(space.keys.markKey)];
		const operation = ttlMs === undefined ? 'touch' : 'expire';
		const result = await new Promise<Outcome>((resolve) =>
			this.#keys.begin(
				new PlainWrite(this.#keys, operation, space, physical, false, expireScript, args, noTags, resolve),
			),
		);
		if (result.done) {
			// As Redis tells, where it does: reads that it carried out before have the life of before.
			core.news.changed(physical);
			return {stored: 'redis', applied: result.reply > 0};
		}
		if (strict)
			throw (
				result.error ?? new UnavailableError(`the life of ${JSON.stringify(key)} was not changed in time: try again`)
			);
		// What memory has may be older than what Redis has: it answers only while Redis cannot.
		if (core.connected) space.tier?.delete(key);
		return {stored: 'memory', applied: alive};
	}

	/** Moves the mark of the namespace: everything obtained up to now is a miss. */
	async clear(space: Namespace, options?: WriteOptions | undefined): Promise<WriteResult> {
		const core = this.#core;
		core.assertOpen();
		core.counters.invalidations++;
		core.changes.noteAll();
		core.flights.detachAll(space.keys.entryPrefix);
		space.tier?.clear();
		this.#moves.note(space.keys.markKey);
		const stored = await this.marks.move(space.keys.markKey, options?.strict ?? core.settings.strict);
		return stored === 'redis' ? inRedis : inMemory;
	}

	async invalidateTags(
		space: Namespace,
		tags: readonly string[],
		options?: WriteOptions | undefined,
	): Promise<WriteResult> {
		const core = this.#core;
		core.assertOpen();
		checkTags(tags);
		core.counters.invalidations++;
		core.changes.noteAll();
		// Which tags a load will end up with is not known yet.
		core.flights.detachAll(space.keys.entryPrefix);
		for (const tag of tags) this.#moves.note(space.keys.tagMark(tag));
		const strict = options?.strict ?? core.settings.strict;
		const moved = await Promise.all(tags.map((tag) => this.marks.move(space.keys.tagMark(tag), strict)));
		return moved.includes('memory') ? inMemory : inRedis;
	}

	#remember(space: Namespace, key: string, {encoded, life, tags}: NewValue): MemoryEntry | undefined {
		if (space.tier === undefined) return undefined;
		const now = localNow();
		return space.tier.put(key, {
			kind: 'value',
			encoded,
			value: undefined,
			version: 0,
			asOf: this.#core.stamp(),
			obtainedAt: now,
			heardAt: now,
			freshUntil: now + life.ttlMs,
			staleUntil: now + life.ttlMs + life.graceMs,
			ttlMs: life.ttlMs,
			tags,
			bytes: encoded.bytes,
			epoch: space.tier.epoch,
			trustedUntil: this.#core.trustUntil(now),
		});
	}
}
