/**
 * `write/`: one file for each kind of change. `set`, `delete` and `expire` look alike: check, change memory in the turn
 * of the call, let `KeyWriter` write to Redis, and judge its outcome.
 */
import type {SetOptions, WriteResult} from '../api/call-types.js';
import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClock} from '../clock/server-clock.js';
import {entryArgument, type Lifetime} from '../entry/entry.js';
import type {Encoded, ValueCoder} from '../entry/value-coder.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import {checkKey, checkTags} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {MemoryEntry} from '../memory/memory-entry.js';
import type {TtlRules} from '../options/ttl-rules.js';
import {setScript} from '../scripts/key-scripts.js';
import {type DeleteParts, deleteKey} from './delete.js';
import {inMemory, inRedis} from './key-writer.js';

export type SetParts = DeleteParts & {
	readonly coder: ValueCoder;
	readonly ttl: TtlRules;
	readonly clock: ServerClock;
	readonly tracking: ClientTracking;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	/** Invalidations that this process has made. */
	readonly ownInvalidations: ChangeClock;
};

/** A `set` with its arguments checked. */
type NewEntry = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly encoded: Encoded;
	readonly life: Lifetime;
	readonly tags: readonly string[];
	readonly isStrict: boolean;
	/** State of `ownInvalidations` when `set` was called. */
	readonly calledAt: number;
};

const noTags: readonly string[] = [];

/**
 * Stores a value: in memory in the turn of the call, then in Redis. Until Redis has acknowledged it the write is pending, and
 * the key is answered from memory.
 */
export function set(
	parts: SetParts,
	namespace: Namespace,
	key: string,
	value: unknown,
	options: SetOptions | undefined,
): Promise<WriteResult> {
	try {
		const {availability, coder, ttl, ownInvalidations} = parts;
		availability.assertOpen();
		checkKey(key);
		const tags = options?.tags ?? noTags;
		if (tags.length > 0) checkTags(tags);
		const encoded = coder.encode(value);
		const life = ttl.lifetime(key, options);
		if (life.ttlMs === 0) return deleteKey(parts, namespace, key, options);
		const isStrict = options?.strict ?? parts.isStrict;
		const entry: NewEntry = {namespace, key, encoded, life, tags, isStrict, calledAt: ownInvalidations.now};
		if (isStrict && !availability.isConnected) {
			if (availability.isStarting) return storeOnceStarted(parts, entry);
			availability.assertConnected();
		}
		return store(parts, entry, true);
	} catch (error) {
		return Promise.reject(error);
	}
}

/**
 * A strict set before the first connection changes nothing unless Redis is there, so memory is changed only then. Redis is
 * changed in the order of the calls that wait.
 */
async function storeOnceStarted(parts: SetParts, entry: NewEntry): Promise<WriteResult> {
	const {availability, pendingWrites} = parts;
	const {namespace, key} = entry;
	await availability.started;
	availability.assertConnected();
	// With other writes of the key waiting, it is not known which of them comes last.
	const isAlone = !pendingWrites.has(namespace.redisKey(key));
	if (!isAlone) namespace.tier?.delete(key);
	return store(parts, entry, isAlone);
}

/** @param isInMemory False: only Redis is changed. */
function store(parts: SetParts, entry: NewEntry, isInMemory: boolean): Promise<WriteResult> {
	const {recorder, changes, flights, writer} = parts;
	const {namespace, key, encoded, life, tags, isStrict} = entry;
	const redisKey = namespace.redisKey(key);
	recorder.counters.sets++;
	changes.note(redisKey);
	flights.detach(redisKey);
	const sequence = changes.now;
	const kept = isInMemory ? keepInMemory(parts, entry) : undefined;
	return new Promise((resolve, reject) => {
		const args = [entryArgument('value', encoded, life, tags)];
		writer.write({operation: 'set', namespace, redisKey, script: setScript, args, tags, isStrict}, (outcome) => {
			if (isStrict && outcome.status !== 'done') {
				namespace.tier?.delete(key);
				reject(outcome.error ?? tooLate(key));
				return;
			}
			if (outcome.status === 'done') confirm(parts, entry, kept, sequence, outcome.reply);
			const result = outcome.status === 'done' ? inRedis : inMemory;
			recorder.written('set', namespace, key, result);
			resolve(result);
		});
	});
}

/** The entry as memory keeps it until Redis has given it a version. */
function keepInMemory(
	{clock, tracking}: SetParts,
	{namespace, key, encoded, life, tags}: NewEntry,
): MemoryEntry | undefined {
	if (namespace.tier === undefined) return undefined;
	const now = localNow();
	return namespace.tier.put(key, {
		kind: 'value',
		encoded,
		value: undefined,
		version: 0,
		asOf: clock.nextStamp(),
		obtainedAt: now,
		learnedAt: now,
		freshUntil: now + life.ttlMs,
		staleUntil: now + life.ttlMs + life.graceMs,
		ttlMs: life.ttlMs,
		tags,
		bytes: encoded.bytes,
		epoch: namespace.tier.epoch,
		trustedUntil: tracking.trustedUntil(now),
	});
}

/** Redis has stored the entry with this version. */
function confirm(
	parts: SetParts,
	entry: NewEntry,
	kept: MemoryEntry | undefined,
	sequence: number,
	version: number,
): void {
	const {namespace, key} = entry;
	const redisKey = namespace.redisKey(key);
	if (isInvalidated(parts, entry)) {
		// On another lane the invalidation may have reached Redis first: then the entry wrongly counts as newer.
		namespace.tier?.delete(key);
		parts.dirtyKeys.noteKey(redisKey, localNow(), namespace);
	} else if (kept !== undefined && namespace.tier?.holds(key, kept) === true) {
		kept.version = version;
		kept.asOf = version;
		if (parts.changes.changedSince(redisKey, sequence)) kept.epoch = -1;
	}
}

/** True if this process has cleared the namespace, or invalidated one of the tags, since `set` was called. */
function isInvalidated({ownInvalidations}: SetParts, {namespace, tags, calledAt}: NewEntry): boolean {
	if (ownInvalidations.now === calledAt) return false;
	return (
		ownInvalidations.changedSince(namespace.timeKey, calledAt) ||
		tags.some((tag) => ownInvalidations.changedSince(namespace.tagTimeKey(tag), calledAt))
	);
}

function tooLate(key: string): UnavailableError {
	return new UnavailableError(
		`set of ${JSON.stringify(key)} reached Redis after its deadline and was not executed: try again`,
	);
}
