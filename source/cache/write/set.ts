/**
 * `write/`: one file for each kind of change. `set`, `delete` and `expire` look alike: check, change memory in the turn
 * of the call, let `KeyWriter` write to Redis, and judge its outcome.
 */
import type {Argument} from '../../pool/types.js';
import type {SetOptions, WriteResult} from '../api/call-types.js';
import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {Lifetime, Stamp} from '../entry/entry.js';
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
import {inMemory, inRedis, type NewEntry} from './key-writer.js';

export type SetParts = DeleteParts & {
	readonly coder: ValueCoder;
	readonly ttl: TtlRules;
	readonly tracking: ClientTracking;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	/** Invalidations that this process has made. */
	readonly ownInvalidations: ChangeClock;
};

/** A `set` with its arguments checked. */
type SetCall = {
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
const noArguments: readonly Argument[] = [];
const notStamped: Stamp = {generation: 0, incarnation: 0, count: 0};

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
		const call: SetCall = {namespace, key, encoded, life, tags, isStrict, calledAt: ownInvalidations.now};
		if (isStrict && !availability.isConnectedTo(namespace.redisKey(key))) {
			if (availability.isStarting) return storeOnceStarted(parts, call);
			availability.assertConnectedTo(namespace.redisKey(key));
		}
		return store(parts, call, true);
	} catch (error) {
		return Promise.reject(error);
	}
}

/**
 * A strict set before the first connection changes nothing unless Redis is there, so memory is changed only then. Redis is
 * changed in the order of the calls that wait.
 */
async function storeOnceStarted(parts: SetParts, call: SetCall): Promise<WriteResult> {
	const {availability, pendingWrites} = parts;
	const {namespace, key} = call;
	await availability.started;
	availability.assertConnectedTo(namespace.redisKey(key));
	// With other writes of the key waiting, it is not known which of them comes last.
	const isAlone = !pendingWrites.has(namespace.redisKey(key));
	if (!isAlone) namespace.tier?.delete(key);
	return store(parts, call, isAlone);
}

/** @param isInMemory False: only Redis is changed. */
function store(parts: SetParts, call: SetCall, isInMemory: boolean): Promise<WriteResult> {
	const {recorder, changes, flights, writer} = parts;
	const {namespace, key, encoded, life, tags, isStrict} = call;
	const redisKey = namespace.redisKey(key);
	recorder.counters.sets++;
	changes.note(redisKey);
	flights.detach(redisKey);
	const sequence = changes.now;
	const kept = isInMemory ? keepInMemory(parts, call, redisKey, sequence) : undefined;
	const context = recorder.contextOf('set');
	return new Promise((resolve, reject) => {
		const entry: NewEntry = {encoded, life, tags, stamp: notStamped};
		const write = {
			operation: 'set',
			namespace,
			redisKey,
			script: setScript,
			args: noArguments,
			entry,
			isStrict,
		} as const;
		writer.write(write, (outcome) => {
			if (isStrict && outcome.status !== 'done') {
				namespace.tier?.delete(key);
				reject(outcome.error ?? tooLate(key));
				return;
			}
			if (outcome.status === 'done') confirm(parts, call, {kept, stamp: entry.stamp, sequence, version: outcome.reply});
			const result = outcome.status === 'done' ? inRedis : inMemory;
			recorder.written('set', namespace, key, result, context);
			resolve(result);
		});
	});
}

/** The entry as memory keeps it until Redis has given it a version. */
function keepInMemory(
	{tracking}: SetParts,
	{namespace, key, encoded, life, tags}: SetCall,
	redisKey: string,
	since: number,
): MemoryEntry | undefined {
	if (namespace.tier === undefined) return undefined;
	const now = localNow();
	return namespace.tier.put(key, {
		kind: 'value',
		encoded,
		value: undefined,
		version: 0,
		stamp: notStamped,
		since,
		obtainedAt: now,
		learnedAt: now,
		freshUntil: now + life.ttlMs,
		staleUntil: now + life.ttlMs + life.graceMs,
		ttlMs: life.ttlMs,
		tags,
		bytes: encoded.bytes,
		epoch: namespace.tier.epoch,
		trustedUntil: tracking.trustedUntil(redisKey, now),
	});
}

/** Redis has stored the entry with this version. */
function confirm(
	parts: SetParts,
	call: SetCall,
	{
		kept,
		stamp,
		sequence,
		version,
	}: {
		readonly kept: MemoryEntry | undefined;
		readonly stamp: Stamp;
		readonly sequence: number;
		readonly version: number;
	},
): void {
	const {namespace, key} = call;
	const redisKey = namespace.redisKey(key);
	if (isInvalidated(parts, call)) {
		// It may have been stamped after the invalidation: then it wrongly counts as newer.
		namespace.tier?.delete(key);
		parts.dirtyKeys.noteKey(redisKey, localNow(), namespace);
	} else if (kept !== undefined && namespace.tier?.holds(key, kept) === true) {
		kept.version = version;
		kept.stamp = stamp;
		if (parts.changes.changedSince(redisKey, sequence)) kept.epoch = -1;
	}
}

/** True if this process has cleared the namespace, or invalidated one of the tags, since `set` was called. */
function isInvalidated({ownInvalidations}: SetParts, {namespace, tags, calledAt}: SetCall): boolean {
	if (ownInvalidations.now === calledAt) return false;
	return (
		ownInvalidations.changedSince(namespace.generationKey, calledAt) ||
		tags.some((tag) => ownInvalidations.changedSince(namespace.tagKey(tag), calledAt))
	);
}

function tooLate(key: string): UnavailableError {
	return new UnavailableError(
		`set of ${JSON.stringify(key)} reached Redis after its deadline and was not executed: try again`,
	);
}
