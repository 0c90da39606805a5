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
	/** Reads from Redis, with one MGET for all reads of a turn. */
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
	/** `undefined` if there is no value, or none within its grace. */
	readonly hit: Hit | undefined;
	/** True if the hit is past its TTL. */
	readonly isStale: boolean;
	/** True if Redis has answered the read. */
	readonly isFromRedis: boolean;
	/** Version of the entry in Redis, live or not; 0 if there is none. */
	readonly version: number;
	/** Token of the lease in Redis; 0 if there is none. */
	readonly lease: number;
	/** Generation of the namespace; 0 if there is none. */
	readonly generation: number;
	/** The reason why Redis has not answered, if it should have been asked. */
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
		/** True if the read rejects instead of falling back to memory. */
		readonly isStrict: boolean,
	) {
		this.redisKey = namespace.redisKey(key);
	}

	/** Called once. With an error if the read is strict and Redis could not be asked, or if the cache is closed. */
	abstract settle(result: ReadResult | Error): void;
}

/** A read that settles by a callback. A promise for each read would take measurable time. */
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

/** A miss for which Redis was not asked. */
export const nothing: ReadResult = {
	hit: undefined,
	isStale: false,
	isFromRedis: false,
	version: 0,
	lease: 0,
	generation: 0,
};

/**
 * Finds an entry that is not fresh in memory: in Redis if Redis is in use, else in memory. {@link lookUpAsync} returns a
 * promise.
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
		if (unconfirmed.hasKey(redisKey)) {
			read.settle(toResult(memory.getStale(namespace, key)));
			return;
		}
		// An invalidation of the namespace is unconfirmed. While the node of its marker is lost that may take long: others change and
		// load the key meanwhile, so Redis is read.
		if (availability.isLost?.(namespace.generationKey) !== true) {
			const unchanged = memory.getUnchanged(namespace, key);
			const hasVersion = (namespace.tier?.get(key)?.version ?? 0) > 0;
			if (unchanged !== undefined || !hasVersion) {
				read.settle(toResult(unchanged));
				return;
			}
		}
	}
	read.memoryEpoch = namespace.tier?.epoch ?? 0;
	batcher.read(read);
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
 * Settles a read that Redis has not answered with an entry, from memory. While Redis is in use and answers, even if only with
 * errors, an unverified entry is not served: others may have changed it, and Redis may go on refusing for long.
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

/** True if Redis could not be asked or has not answered; false if its reply was too large to arrive in time. */
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
