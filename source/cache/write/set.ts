/**
 * `write/`: one file for each kind of change. `set`, `delete` and `expire` have the same steps: check the arguments, change
 * memory synchronously, let `KeyWriter` write to Redis, and evaluate the outcome.
 */
import type {SetOptions, WriteResult} from '../api/call-types.js';
import {localNow} from '../clock/local-now.js';
import type {ValueCoder} from '../entry/value-coder.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import {checkKey, checkTags} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {TtlRules} from '../options/ttl-rules.js';
import {type DeleteParts, deleteKey} from './delete.js';
import {notStamped, SetWrite, type SetWriteParts} from './set-write.js';

export type SetParts = DeleteParts &
	SetWriteParts & {
		readonly coder: ValueCoder;
		readonly ttl: TtlRules;
		readonly tracking: ClientTracking;
		readonly pendingWrites: PendingWrites;
	};

const noTags: readonly string[] = [];

/**
 * Stores a value: in memory synchronously, then in Redis. Until Redis has acknowledged it, the write is pending, and reads of
 * the key are answered from memory.
 */
export function set(
	parts: SetParts,
	namespace: Namespace,
	key: string,
	value: unknown,
	options: SetOptions | undefined,
): Promise<WriteResult> {
	try {
		const {availability, coder, ttl} = parts;
		availability.assertOpen();
		checkKey(key);
		const tags = options?.tags ?? noTags;
		if (tags.length > 0) checkTags(tags);
		const encoded = coder.encode(value);
		const life = ttl.lifetime(key, options);
		if (life.ttlMs === 0) return deleteKey(parts, namespace, key, options);
		const isStrict = options?.strict ?? parts.isStrict;
		const write = new SetWrite(parts, {namespace, key, encoded, life, tags, isStrict});
		if (isStrict && !availability.isConnectedTo(write.redisKey)) {
			if (availability.isStarting) return storeOnceStarted(parts, write);
			availability.assertConnectedTo(write.redisKey);
		}
		return store(parts, write, true);
	} catch (error) {
		return Promise.reject(error);
	}
}

/**
 * A strict set before the first connection must change nothing if Redis cannot be reached, so memory is changed only after
 * that. Redis is changed in the order of the waiting calls.
 */
async function storeOnceStarted(parts: SetParts, write: SetWrite): Promise<WriteResult> {
	const {availability, pendingWrites} = parts;
	const {namespace, key, redisKey} = write;
	await availability.started;
	availability.assertConnectedTo(redisKey);
	// If other writes of the key are waiting, it is not known which of them will be the last.
	const isAlone = !pendingWrites.has(redisKey);
	if (!isAlone) namespace.tier?.delete(key);
	return store(parts, write, isAlone);
}

/** @param isInMemory If false, only Redis is changed. */
function store(parts: SetParts, write: SetWrite, isInMemory: boolean): Promise<WriteResult> {
	const {recorder, changes, flights, writer} = parts;
	const {redisKey, hash} = write;
	const now = localNow();
	recorder.counters.sets++;
	changes.note(redisKey, hash);
	flights.detach(redisKey);
	write.sequence = changes.now;
	if (isInMemory) keepInMemory(parts, write, now);
	write.context = recorder.contextOf('set');
	return new Promise((resolve, reject) => {
		write.resolve = resolve;
		write.reject = reject;
		writer.write(write, now);
	});
}

/** Stores the entry in memory, without a version until Redis has assigned one. */
function keepInMemory({tracking}: SetParts, write: SetWrite, now: number): void {
	const {tier} = write.namespace;
	if (tier === undefined) return;
	const {encoded, life, tags, redisKey} = write;
	const freshUntil = now + life.ttlMs;
	write.kept = tier.put(write.key, {
		kind: 'value',
		encoded,
		value: undefined,
		version: 0,
		stamp: notStamped,
		since: write.sequence,
		obtainedAt: now,
		learnedAt: now,
		freshUntil,
		staleUntil: freshUntil + life.graceMs,
		ttlMs: life.ttlMs,
		tags,
		bytes: encoded.bytes,
		epoch: tier.epoch,
		trustedUntil: tracking.trustedUntil(redisKey, now),
	});
}
