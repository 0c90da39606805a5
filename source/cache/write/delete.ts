import type {Argument} from '../../pool/types.js';
import type {InvalidateOptions, WriteResult} from '../api/call-types.js';
import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {UnconfirmedWrites} from '../journal/unconfirmed-writes.js';
import {checkKey} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {Flights} from '../load/flights.js';
import type {ExpectedMisses} from '../load/lease-read/expected-misses.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import {deleteScript, softDeleteScript} from '../scripts/key-scripts.js';
import type {ScriptOutcome} from '../scripts/script-call.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';
import {KeyChange, type KeyWriteFields} from './key-write.js';
import {inMemory, inRedis, type KeyWriter} from './key-writer.js';

export type DeleteParts = {
	readonly availability: Availability;
	readonly changes: ChangeClock;
	readonly flights: Flights;
	readonly expectedMisses: ExpectedMisses;
	readonly recorder: Recorder;
	readonly writer: KeyWriter;
	readonly hub: InvalidationHub;
	readonly unconfirmed: UnconfirmedWrites;
	/** Calls reject when Redis fails, unless a call says otherwise. */
	readonly isStrict: boolean;
};

/** A script that deletes, for a caller that needs the previous state. */
export type Deletion = Pick<KeyWriteFields, 'script' | 'args'> & {
	/** Called before the call settles. */
	readonly onOutcome: (outcome: ScriptOutcome) => void;
};

const noArguments: readonly Argument[] = [];
const plain: Deletion = {script: deleteScript, args: noArguments, onOutcome() {}};

/** Removes a key, or makes its value stale: in memory synchronously, then in Redis. */
export async function deleteKey(
	parts: DeleteParts,
	namespace: Namespace,
	key: string,
	options: InvalidateOptions | undefined,
	{script, args, onOutcome}: Deletion = plain,
): Promise<WriteResult> {
	const {availability, recorder, changes, flights, expectedMisses, hub} = parts;
	availability.assertOpen();
	checkKey(key);
	const isStrict = options?.strict ?? parts.isStrict;
	const redisKey = namespace.redisKey(key);
	if (isStrict && !availability.isConnectedTo(redisKey)) {
		// Awaited directly, without another promise, so that calls that wait for the first connection continue in their order.
		if (availability.isStarting) await availability.started;
		availability.assertConnectedTo(redisKey);
	}
	recorder.counters.deletes++;
	changes.note(redisKey);
	flights.detach(redisKey);
	expectedMisses.noteDelete(redisKey);
	// If the key has an unconfirmed write, Redis may have an older value, which must be removed instead.
	const isSoft = options?.soft === true && !parts.unconfirmed.has(namespace, redisKey);
	if (isSoft) endInMemory(namespace, key);
	else namespace.tier?.delete(key);
	const fields: KeyWriteFields = {
		operation: 'delete',
		namespace,
		redisKey,
		isSoft,
		script: isSoft ? softDeleteScript : script,
		args,
		isStrict,
	};
	const context = recorder.contextOf('delete');
	return new Promise((resolve, reject) => {
		const write = new KeyChange(fields, (outcome) => {
			onOutcome(outcome);
			if (isStrict && outcome.status !== 'done') {
				reject(outcome.error ?? tooLate(key));
				return;
			}
			if (isSoft) {
				// Since a soft delete is not pending, earlier replies of Redis may have restored the fresh value in memory, or
				// may still do so.
				const entry = namespace.tier?.get(key);
				const before = outcome.status === 'done' ? outcome.reply : Number.POSITIVE_INFINITY;
				if (entry !== undefined && entry.version > 0 && entry.version < before) endInMemory(namespace, key);
				hub.changed(redisKey);
			}
			const result = outcome.status === 'done' ? inRedis : inMemory;
			recorder.written('delete', namespace, key, result, context);
			resolve(result);
		});
		parts.writer.write(write, localNow());
	});
}

/** Makes a value in memory stale, with its grace beginning now; removes a value without grace. */
function endInMemory({tier}: Namespace, key: string): void {
	const entry = tier?.get(key);
	const now = localNow();
	if (entry === undefined) return;
	const freshUntil = Math.min(now, entry.freshUntil);
	const staleUntil = freshUntil + (entry.staleUntil - entry.freshUntil);
	if (entry.kind === 'absent' || staleUntil <= now) tier?.delete(key);
	else tier?.put(key, {...entry, freshUntil, staleUntil, epoch: -1});
}

function tooLate(key: string): UnavailableError {
	return new UnavailableError(
		`delete of ${JSON.stringify(key)} reached Redis after its deadline and was not executed: try again`,
	);
}
