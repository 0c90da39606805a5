/**
 * `read/`: a read that memory cannot answer joins the MGET of its turn of the event loop, whose reply is distributed to the
 * reads, checked, and stored in memory.
 */
import type {ReadOptions} from '../api/call-types.js';
import {checkKey} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-entry.js';
import type {Recorder} from '../observe/recorder.js';
import type {ReadTrace} from '../observe/trace-types.js';
import {checkReadOptions} from '../options/call-options.js';
import {raceWithSignal} from '../support/race-with-signal.js';
import {CallbackRead, type Hit, type LookUpParts, lookUp, type ReadResult} from './look-up.js';
import type {SlidingTtl} from './sliding-ttl.js';

export type ReadParts = LookUpParts & {
	readonly recorder: Recorder;
	/** `undefined` if reads do not extend the lifetime of an entry. */
	readonly sliding: SlidingTtl | undefined;
	/** Reads reject when Redis fails, unless a call says otherwise. */
	readonly isStrict: boolean;
};

/**
 * Reads one value: from memory if it is fresh there, else from Redis; if Redis is out of use, from memory, even stale within
 * grace.
 *
 * Hot path: a call creates one promise, and a memory hit nothing else.
 */
export function get(
	parts: ReadParts,
	namespace: Namespace,
	key: string,
	options: ReadOptions | undefined,
): Promise<unknown> {
	if (options !== undefined) return find(parts, 'get', namespace, key, options).then((hit) => hit?.value);
	const fresh = parts.memory.getFresh(namespace, key);
	return fresh === undefined
		? getFromRedis(parts, namespace, key)
		: Promise.resolve(serveFresh(parts, namespace, key, fresh));
}

/** A separate function, so that a memory hit allocates no closures. */
function getFromRedis(parts: ReadParts, namespace: Namespace, key: string): Promise<unknown> {
	return new Promise((resolve, reject) => {
		begin(parts, key);
		const read = new CallbackRead(namespace, key, parts.isStrict, (result) => {
			parts.recorder.callsInProgress--;
			if (result instanceof Error) reject(result);
			else resolve(report(parts, namespace, key, result)?.value);
		});
		lookUp(parts, read);
	});
}

/** Like `get`, with options and a trace. Resolves with the value and its metadata. */
export function find(
	parts: ReadParts,
	call: ReadTrace['operation'],
	namespace: Namespace,
	key: string,
	options: ReadOptions | undefined,
	trace?: ReadTrace,
): Promise<Hit | undefined> {
	if (options !== undefined) {
		try {
			checkReadOptions(options, call);
			options.signal?.throwIfAborted();
		} catch (error) {
			return Promise.reject(error);
		}
	}
	const finding = new Promise<Hit | undefined>((resolve, reject) => {
		const fresh = parts.memory.getFresh(namespace, key);
		if (fresh !== undefined) {
			resolve({...fresh, value: serveFresh(parts, namespace, key, fresh), source: 'memory'});
			return;
		}
		begin(parts, key);
		const read = new CallbackRead(namespace, key, options?.strict ?? parts.isStrict, (result) => {
			parts.recorder.callsInProgress--;
			if (result instanceof Error) reject(result);
			else resolve(report(parts, namespace, key, result, trace, options?.stale));
		});
		lookUp(parts, read);
	});
	return options?.signal === undefined ? finding : raceWithSignal(finding, options.signal);
}

/** Serves a fresh entry of memory. @returns Its value. */
export function serveFresh(
	{recorder, sliding}: Pick<ReadParts, 'recorder' | 'sliding'>,
	namespace: Namespace,
	key: string,
	entry: MemoryEntry,
): unknown {
	recorder.memoryHit(namespace, key, entry.bytes);
	sliding?.onHit(namespace, key, entry);
	return entry.value;
}

/** Begins a call that memory could not answer. @throws {ClosedError | InvalidKeyError} */
function begin({availability, recorder}: ReadParts, key: string): void {
	availability.assertOpen();
	checkKey(key);
	recorder.callsInProgress++;
}

/** Reports the result of a call. @returns The value that the call resolves with. */
function report(
	{recorder, sliding}: ReadParts,
	namespace: Namespace,
	key: string,
	{hit, isStale, isFromRedis}: ReadResult,
	trace?: ReadTrace,
	wantsStale = false,
): Hit | undefined {
	// Grace is meant for failures of Redis or a loader: if Redis answers with a stale value, that is a miss, unless the caller
	// wants stale values.
	if (hit === undefined || (isStale && isFromRedis && !wantsStale)) {
		recorder.miss(namespace, key, trace);
		return undefined;
	}
	recorder.hit(namespace, key, hit.source, isStale, trace);
	if (!isStale) sliding?.onHit(namespace, key, hit);
	return hit;
}
