import {ClosedError, ConnectionLostError, DeadlineError, NotConnectedError} from '../../pool/errors.js';
import {localNow} from '../clock/local-now.js';
import type {UnconfirmedWrites} from '../journal/unconfirmed-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-entry.js';
import type {CallContext} from '../observe/call-context.js';
import type {Availability} from '../outage/availability.js';
import type {MemoryReader} from './memory-reader.js';

export type LookUpParts = {
	readonly availability: Availability;
	readonly memory: MemoryReader;
	readonly unconfirmed: UnconfirmedWrites;
	/** Asks Redis, with one MGET for all reads of a turn. */
	readonly batcher: {read(read: EntryRead): void; readonly maxReads: number};
};

/** A value, or a remembered "not there", and where it was found. Times are local milliseconds. */
export type Hit = {
	readonly kind: 'value' | 'absent';
	/** `undefined` for a remembered "not there". */
	readonly value: unknown;
	readonly source: 'memory' | 'redis';
	/** Version in Redis; 0 while only this process knows the entry. */
	readonly version: number;
	readonly obtainedAt: number;
	readonly freshUntil: number;
	/** End of its grace. */
	readonly staleUntil: number;
	readonly ttlMs: number;
	readonly tags: readonly string[];
};

/** The result of a read of one key. */
export type ReadResult = {
	/** `undefined`: nothing, or nothing within its grace. */
	readonly hit: Hit | undefined;
	/** True if the hit is past its TTL. */
	readonly isStale: boolean;
	/** True if Redis was asked and has answered. */
	readonly isFromRedis: boolean;
	/** Version of what Redis has under the key, live or not; 0: nothing. */
	readonly version: number;
	/** Token of the lease in Redis; 0: none. */
	readonly lease: number;
	/** Generation of the namespace; 0: none. */
	readonly generation: number;
	/** Why Redis has not answered, if it was to be asked. */
	readonly error?: Error | undefined;
};

/** A read of an entry on its way to Redis and back. */
export abstract class EntryRead {
	readonly redisKey: string;
	/** Epoch of the memory tier when the read is sent. An entry of an earlier epoch than the tier's is unverified. */
	memoryEpoch = 0;
	/**
	 * Positions of the entry, and of the namespace's generation, in the reply. Set by the batch; -1: the generation is not in the
	 * same command.
	 */
	position = 0;
	/** Context of the call, if codecs or listeners of the application run for it. */
	context: CallContext | undefined;
	generationPosition = 0;

	constructor(
		readonly namespace: Namespace,
		readonly key: string,
		/** True if it fails instead of falling back to memory. */
		readonly isStrict: boolean,
	) {
		this.redisKey = namespace.redisKey(key);
	}

	/** Called once. With an error if the read is strict and Redis could not be asked, or if the cache is closed. */
	abstract settle(result: ReadResult | Error): void;
}

/** A read that calls back. A promise for each would cost measurable time. */
export class CallbackRead extends EntryRead {
	readonly #onResult: (result: ReadResult | Error) => void;

	constructor(namespace: Namespace, key: string, isStrict: boolean, onResult: (result: ReadResult | Error) => void) {
		super(namespace, key, isStrict);
		this.#onResult = onResult;
	}

	settle(result: ReadResult | Error): void {
		this.#onResult(result);
	}
}

/** A miss that Redis was not asked about. */
export const nothing: ReadResult = {
	hit: undefined,
	isStale: false,
	isFromRedis: false,
	version: 0,
	lease: 0,
	generation: 0,
};

/**
 * Finds an entry that is not fresh in memory: in Redis if it may be asked, else in memory. {@link lookUpAsync} returns a promise.
 */
export function lookUp(parts: LookUpParts, read: EntryRead): void {
	const {availability, memory, unconfirmed, batcher} = parts;
	const {namespace, key, redisKey, isStrict} = read;
	if (availability.isStarting) {
		void availability.started.then(() => lookUp(parts, read));
		return;
	}
	if (!availability.isConnectedTo(redisKey)) {
		read.settle(isStrict ? availability.unavailable() : toResult(memory.getStale(namespace, key)));
		return;
	}
	// Redis may answer with an older value than this process knows.
	if (unconfirmed.has(namespace, redisKey)) {
		if (unconfirmed.hasKey(redisKey)) read.settle(toResult(memory.getStale(namespace, key)));
		else lookUpUncleared(parts, read);
		return;
	}
	read.memoryEpoch = namespace.tier?.epoch ?? 0;
	batcher.read(read);
}

/**
 * Finds an entry while an invalidation of its namespace is unconfirmed. What Redis has may be older than that, and what memory has
 * may have been overwritten since: if that is possible, Redis is asked whether it still has this very version.
 */
function lookUpUncleared({memory, batcher}: LookUpParts, read: EntryRead): void {
	const {namespace, key, isStrict} = read;
	const unchanged = memory.getUnchanged(namespace, key);
	const version = namespace.tier?.get(key)?.version ?? 0;
	if (unchanged !== undefined || version === 0) {
		read.settle(toResult(unchanged));
		return;
	}
	const asking = new CallbackRead(namespace, key, isStrict, (result) => {
		if (result instanceof Error) read.settle(result);
		else if (result.hit?.version === version) read.settle(toResult(memory.getStale(namespace, key)));
		else read.settle(nothing);
	});
	asking.context = read.context;
	asking.memoryEpoch = namespace.tier?.epoch ?? 0;
	batcher.read(asking);
}

/** Rejects, with `isStrict`, if Redis cannot be asked. */
export function lookUpAsync(
	parts: LookUpParts,
	namespace: Namespace,
	key: string,
	isStrict: boolean,
): Promise<ReadResult> {
	return new Promise((resolve, reject) => {
		const read = new CallbackRead(namespace, key, isStrict, (result) => {
			if (result instanceof Error) reject(result);
			else resolve(result);
		});
		lookUp(parts, read);
	});
}

/**
 * Settles a read for which Redis has given no entry, from memory. While Redis is in use and answers, if only with errors, an
 * unverified entry is no answer: others may have changed it, and Redis may never say so.
 */
export function answerWithoutRedis(
	{availability, memory}: Pick<LookUpParts, 'availability' | 'memory'>,
	read: EntryRead,
	error: Error,
): void {
	const {namespace, key, redisKey, isStrict} = read;
	const answer = () => {
		if (availability.isClosed) read.settle(new ClosedError('the cache'));
		else if (isStrict) read.settle(error);
		else if (availability.isConnectedTo(redisKey) && !isSilence(error))
			read.settle({...toResult(memory.getVerified(namespace, key)), error});
		else read.settle({...toResult(memory.getStale(namespace, key)), error});
	};
	if (read.context === undefined) answer();
	else read.context(answer);
}

/** True if the error means that Redis could not be asked, or has not answered; not that its answer was too large. */
function isSilence(error: Error): boolean {
	if (error instanceof DeadlineError) return !error.isTransfer;
	return error instanceof ConnectionLostError || error instanceof NotConnectedError;
}

function toResult(entry: MemoryEntry | undefined): ReadResult {
	if (entry === undefined) return nothing;
	const {kind, value, version, obtainedAt, freshUntil, staleUntil, ttlMs, tags} = entry;
	return {
		...nothing,
		hit: {kind, value, source: 'memory', version, obtainedAt, freshUntil, staleUntil, ttlMs, tags},
		isStale: localNow() >= freshUntil,
	};
}
