import type {Argument} from '../pool/types.js';
import type {Encoded} from './codec.js';
import type {CacheCore} from './core.js';
import {milliseconds} from './duration.js';
import {headerTail} from './entry.js';
import {UnavailableError} from './errors.js';
import {checkKey, checkTags} from './keys.js';
import {markLifeMs} from './marks.js';
import type {MemoryEntry} from './memory-tier.js';
import type {Outcome} from './script-call.js';
import {deleteScript, expireScript, markScript, type Script, setScript} from './scripts.js';
import {localNow} from './server-clock.js';
import type {Space} from './space.js';
import type {Lifetime} from './ttl-policy.js';
import type {Duration, ExpireResult, SetOptions, WriteOptions, WriteResult} from './types.js';

const inRedis: WriteResult = {stored: 'redis'};
const inMemory: WriteResult = {stored: 'memory'};
const noTags: readonly string[] = [];

/** ARGV of the scripts that write an entry, after the deadline. */
export function entryArguments(kind: 'v' | 'n', encoded: Encoded, life: Lifetime, tags: readonly string[]): Argument[] {
	const tagText = tags.length === 0 ? '' : tags.join('\0');
	const tail = headerTail(life.ttlMs, life.graceMs, tagText === '' ? 0 : Buffer.byteLength(tagText));
	return [kind + encoded.codec + encoded.compression + '-' + tail + tagText, encoded.payload];
}

/** A set that has not settled. `cleared`: this process has since cleared its namespace, or invalidated one of its tags. */
type SetUnderWay = {readonly space: Space; readonly tags: readonly string[]; cleared: boolean};

/** Everything that changes Redis on a caller's behalf. Memory is changed first, in the same turn as the call. */
export class Writes {
	readonly #core: CacheCore;
	/** Writes that are not sent yet because their marks have to be made first: later ones of the same key wait for them. */
	readonly #preparing = new Map<string, Promise<void>>();
	readonly #ensuring = new Map<string, Promise<void>>();
	readonly #sets = new Set<SetUnderWay>();

	constructor(core: CacheCore) {
		this.#core = core;
	}

	async set(space: Space, key: string, value: unknown, options: SetOptions | undefined): Promise<WriteResult> {
		const core = this.#core;
		core.assertOpen();
		checkKey(key);
		const tags = options?.tags ?? noTags;
		if (tags.length > 0) checkTags(tags);
		const encoded = core.settings.coder.encode(value);
		const life = core.settings.ttl.lifetime(key, options);
		if (life.ttlMs === 0) return this.delete(space, key, options);
		const args = entryArguments('v', encoded, life, tags);
		const strict = options?.strict ?? core.settings.strict;
		if (strict && !core.connected) await this.#requireRedis();
		const physical = space.keys.entry(key);
		core.counters.sets++;
		core.changing(physical);
		const sequence = core.changes.now;
		const entry = this.#remember(space, key, encoded, life, tags);
		const underWay: SetUnderWay = {space, tags, cleared: false};
		this.#sets.add(underWay);
		const result = await this.#write('set', space, physical, strict, setScript, args, tags).finally(() =>
			this.#sets.delete(underWay),
		);
		if (result.done && underWay.cleared) {
			// It was sent before the clear, and may have arrived after it on another lane.
			space.tier?.delete(key);
			core.noteKey(space, physical, localNow());
		} else if (result.done) {
			const current = space.tier?.get(key);
			if (entry !== undefined && current === entry) {
				const trusted = core.changes.changedSince(physical, sequence) ? -1 : entry.epoch;
				space.tier?.put(key, {...entry, version: result.reply, asOf: result.reply, epoch: trusted});
			}
		} else if (strict) {
			space.tier?.delete(key);
			throw (
				result.error ??
				new UnavailableError(`set of ${JSON.stringify(key)} reached Redis too late and was not carried out: try again`)
			);
		}
		const written = result.done ? inRedis : inMemory;
		if (core.emitter.wants('set')) core.emitter.emit('set', {namespace: space.keys.namespace, key, ...written});
		return written;
	}

	async delete(space: Space, key: string, options: WriteOptions | undefined): Promise<WriteResult> {
		const core = this.#core;
		core.assertOpen();
		checkKey(key);
		const strict = options?.strict ?? core.settings.strict;
		if (strict && !core.connected) await this.#requireRedis();
		const physical = space.keys.entry(key);
		core.counters.deletes++;
		core.changing(physical);
		space.tier?.delete(key);
		const result = await this.#write('delete', space, physical, strict, deleteScript, [], noTags);
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
		space: Space,
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
		if (strict && !core.connected) await this.#requireRedis();
		// Sessions that are only ever read and prolonged keep their mark alive, too.
		if (core.connected) void this.ensureMarks(space, noTags).catch(() => {});
		const result = await this.#write(
			ttlMs === undefined ? 'touch' : 'expire',
			space,
			physical,
			false,
			expireScript,
			[ttlMs ?? -1, core.marks.known(space.keys.markKey)],
			noTags,
		);
		if (result.done) return {stored: 'redis', applied: result.reply > 0};
		if (strict)
			throw (
				result.error ?? new UnavailableError(`the life of ${JSON.stringify(key)} was not changed in time: try again`)
			);
		// What memory has may be older than what Redis has: it answers only while Redis cannot.
		if (core.connected) space.tier?.delete(key);
		return {stored: 'memory', applied: alive};
	}

	/** Moves the mark of the namespace: everything obtained up to now is a miss. */
	async clear(space: Space, options?: WriteOptions | undefined): Promise<WriteResult> {
		const core = this.#core;
		core.assertOpen();
		core.counters.invalidations++;
		core.changes.noteAll();
		core.flights.detachAll(space.keys.entryPrefix);
		space.tier?.clear();
		for (const set of this.#sets) if (set.space === space) set.cleared = true;
		return this.#moveMark(space.keys.markKey, options);
	}

	async invalidateTags(
		space: Space,
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
		for (const set of this.#sets)
			if (set.space === space && set.tags.some((tag) => tags.includes(tag))) set.cleared = true;
		const results = await Promise.all(tags.map((tag) => this.#moveMark(space.keys.tagMark(tag), options)));
		return results.some((result) => result.stored === 'memory') ? inMemory : inRedis;
	}

	/** Resolves when the marks of a namespace and of tags exist. Rejects when Redis cannot say so. */
	async ensureMarks(space: Space, tags: readonly string[]): Promise<void> {
		const missing = this.#missingMarks(space, tags);
		if (missing.length > 0) await Promise.all(missing.map((markKey) => this.#ensure(markKey)));
	}

	#remember(
		space: Space,
		key: string,
		encoded: Encoded,
		life: Lifetime,
		tags: readonly string[],
	): MemoryEntry | undefined {
		if (space.tier === undefined) return undefined;
		const now = localNow();
		return space.tier.put(key, {
			kind: 'value',
			encoded,
			value: undefined,
			version: 0,
			asOf: this.#core.stamp(),
			obtainedAt: now,
			freshUntil: now + life.ttlMs,
			staleUntil: now + life.ttlMs + life.graceMs,
			ttlMs: life.ttlMs,
			tags,
			bytes: encoded.bytes,
			epoch: space.tier.epoch,
			trustedUntil: this.#core.trustUntil(now),
		});
	}

	/** Sends a script for a key, or notes the key. When it resolves, the outcome is known or the key is dirty. */
	async #write(
		operation: 'set' | 'delete' | 'expire' | 'touch',
		space: Space,
		physical: string,
		strict: boolean,
		script: Script,
		args: readonly Argument[],
		tags: readonly string[],
	): Promise<Outcome> {
		const core = this.#core;
		const started = localNow();
		// Prolonging a life changes no value: others' changes are to be seen meanwhile.
		const changesValue = operation === 'set' || operation === 'delete';
		if (changesValue) core.owned.begin(physical);
		core.pending++;
		try {
			if (core.degradation.starting) await core.degradation.startup;
			const outcome =
				core.connected && !(script === setScript && core.fullUntil > started)
					? await this.#send(space, physical, script, args, tags)
					: this.#unsent(core.connected ? core.fullError : undefined);
			if (outcome.done) {
				core.degradation.success();
				if (changesValue) core.rollback.keyChanged(physical);
			} else {
				if (outcome.error !== undefined) core.failed(operation, outcome.error, true);
				else if (core.connected) core.counters.lateWrites++;
				// A strict write that was certainly not carried out has changed nothing, and a life not prolonged is no lie.
				if (operation !== 'touch' && !(strict && outcome.certainty === 'refused'))
					core.noteKey(space, physical, this.#outlasting(physical, outcome.settledAt, changesValue ? 1 : 0));
			}
			return outcome;
		} finally {
			core.pending--;
			if (changesValue) core.owned.end(physical);
			core.latency[operation === 'delete' ? 'delete' : 'set'].record(localNow() - started);
		}
	}

	/**
	 * Earlier changes of the same key may still be on their way, or wait for their turn: a change that was not carried out
	 * must outlast them, or they would pass for newer.
	 */
	#outlasting(physical: string, settledAt: number, mine: number): number {
		const {owned, settings} = this.#core;
		return owned.count(physical) > mine ? Math.max(settledAt, localNow() + 2 * settings.deadlineMs) : settledAt;
	}

	#unsent(error?: Error): Outcome {
		return {done: false, certainty: 'refused', error, settledAt: localNow()};
	}

	#send(
		space: Space,
		physical: string,
		script: Script,
		args: readonly Argument[],
		tags: readonly string[],
	): Promise<Outcome> {
		const before = this.#preparing.size > 0 ? this.#preparing.get(physical) : undefined;
		const missing = script === setScript ? this.#missingMarks(space, tags) : noTags;
		return before === undefined && missing.length === 0
			? this.#core.runner.run(script, physical, args)
			: this.#prepareAndSend(physical, script, args, before, missing);
	}

	async #prepareAndSend(
		physical: string,
		script: Script,
		args: readonly Argument[],
		before: Promise<void> | undefined,
		missing: readonly string[],
	): Promise<Outcome> {
		const core = this.#core;
		const prepared = Promise.all([before, ...missing.map((markKey) => this.#ensure(markKey))]).then(() => {});
		const settled = prepared.catch(() => {});
		this.#preparing.set(physical, settled);
		try {
			await prepared;
		} catch (error) {
			return this.#unsent(error instanceof Error ? error : new Error(String(error)));
		} finally {
			if (this.#preparing.get(physical) === settled) this.#preparing.delete(physical);
		}
		if (!core.connected) return this.#unsent();
		return core.runner.run(script, physical, args);
	}

	#missingMarks(space: Space, tags: readonly string[]): readonly string[] {
		const {marks} = this.#core;
		const now = localNow();
		if (tags.length === 0) return marks.needsEnsuring(space.keys.markKey, now) ? [space.keys.markKey] : noTags;
		return [space.keys.markKey, ...tags.map((tag) => space.keys.tagMark(tag))].filter((markKey) =>
			marks.needsEnsuring(markKey, now),
		);
	}

	/** Makes a mark where there is none. One command for all who need it now. */
	#ensure(markKey: string): Promise<void> {
		const core = this.#core;
		const running = this.#ensuring.get(markKey);
		if (running !== undefined) return running;
		const sequence = core.changes.now;
		const {epoch} = core.marks;
		const work = core.runner
			.run(markScript, markKey, [markLifeMs, '1'])
			.then((outcome) => {
				if (!outcome.done) throw outcome.error ?? new UnavailableError('Redis did not accept a mark in time');
				// It holds only if nobody has moved the mark since: the answer may have been slower than the news.
				const current = core.changes.changedSince(markKey, sequence) ? -1 : epoch;
				core.marks.moved(markKey, outcome.reply, localNow(), current);
			})
			.finally(() => this.#ensuring.delete(markKey));
		this.#ensuring.set(markKey, work);
		return work;
	}

	async #moveMark(markKey: string, options: WriteOptions | undefined): Promise<WriteResult> {
		const core = this.#core;
		const strict = options?.strict ?? core.settings.strict;
		if (strict && !core.connected) await this.#requireRedis();
		core.owned.begin(markKey);
		core.pending++;
		const stamp = core.stamp();
		core.marks.moving(markKey, stamp, localNow());
		try {
			if (core.degradation.starting) await core.degradation.startup;
			const sequence = core.changes.now;
			const {epoch} = core.marks;
			const outcome = core.connected ? await core.runner.run(markScript, markKey, [markLifeMs, '0']) : this.#unsent();
			if (outcome.done) {
				core.degradation.success();
				core.rollback.markMoved(markKey);
				const current = core.changes.changedSince(markKey, sequence) ? -1 : epoch;
				core.marks.confirmed(markKey, stamp, outcome.reply, localNow(), current);
				return inRedis;
			}
			if (outcome.error !== undefined) core.failed('invalidate', outcome.error, true);
			core.noteMark(markKey, outcome.settledAt);
			if (strict) throw outcome.error ?? new UnavailableError('Redis did not invalidate in time: try again');
			return inMemory;
		} finally {
			core.pending--;
			core.owned.end(markKey);
		}
	}

	async #requireRedis(): Promise<void> {
		const core = this.#core;
		if (core.degradation.starting) await core.degradation.startup;
		if (!core.connected)
			throw new UnavailableError(
				`Redis is not in use (${core.degradation.mode.reason}): try again later, or call without strict`,
			);
	}
}
