import type {Argument} from '../../pool/types.js';
import type {WriteOptions, WriteResult} from '../api/call-types.js';
import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {checkKey} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {Flights} from '../load/flights.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import {deleteScript} from '../scripts/key-scripts.js';
import {inMemory, inRedis, type KeyWrite, type KeyWriter} from './key-writer.js';

export type DeleteParts = {
	readonly availability: Availability;
	readonly changes: ChangeClock;
	readonly flights: Flights;
	readonly recorder: Recorder;
	readonly writer: KeyWriter;
	/** Calls reject when Redis fails, unless a call says otherwise. */
	readonly isStrict: boolean;
};

const noArguments: readonly Argument[] = [];

/** Removes a key: from memory in the turn of the call, then from Redis. */
export async function deleteKey(
	parts: DeleteParts,
	namespace: Namespace,
	key: string,
	options: WriteOptions | undefined,
): Promise<WriteResult> {
	const {availability, recorder, changes, flights} = parts;
	availability.assertOpen();
	checkKey(key);
	const isStrict = options?.strict ?? parts.isStrict;
	if (isStrict && !availability.isConnected) {
		// Directly, not through another promise: calls that wait for the first connection go on in their order.
		if (availability.isStarting) await availability.started;
		availability.assertConnected();
	}
	const redisKey = namespace.redisKey(key);
	recorder.counters.deletes++;
	changes.note(redisKey);
	flights.detach(redisKey);
	namespace.tier?.delete(key);
	const write: KeyWrite = {
		operation: 'delete',
		namespace,
		redisKey,
		script: deleteScript,
		args: noArguments,
		isStrict,
	};
	const context = recorder.contextOf('delete');
	return new Promise((resolve, reject) => {
		parts.writer.write(write, (outcome) => {
			if (isStrict && outcome.status !== 'done') {
				reject(outcome.error ?? tooLate(key));
				return;
			}
			const result = outcome.status === 'done' ? inRedis : inMemory;
			recorder.written('delete', namespace, key, result, context);
			resolve(result);
		});
	});
}

function tooLate(key: string): UnavailableError {
	return new UnavailableError(
		`delete of ${JSON.stringify(key)} reached Redis after its deadline and was not executed: try again`,
	);
}
