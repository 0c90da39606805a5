import type {Namespace} from '../keys/namespace.js';

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
	readonly ttlMs: number;
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
	/** Invalidation time of the namespace, in µs of the server's clock; 0: none. */
	readonly namespaceTime: number;
};

/** A read of an entry on its way to Redis and back. One object and one callback, for speed. */
export class EntryRead {
	readonly redisKey: string;
	/** Epoch of the memory tier when the read is sent. An entry of an earlier epoch than the tier's is unverified. */
	memoryEpoch = 0;
	/** Positions of the entry, and of the namespace's invalidation time, in the reply. Set by the batch. */
	position = 0;
	timePosition = 0;

	constructor(
		readonly namespace: Namespace,
		readonly key: string,
		/** True if it fails instead of falling back to memory. */
		readonly isStrict: boolean,
		/** Called once. With an error if the read is strict and Redis could not be asked, or if the cache is closed. */
		readonly settle: (result: ReadResult | Error) => void,
	) {
		this.redisKey = namespace.redisKey(key);
	}
}

/** When a reply came, and what it can be compared with. Shared by all reads of a command. */
export type ReplyInfo = {
	/** State of the change clock when the first read of the command was asked for. */
	readonly sequence: number;
	/** Local time of that request. */
	readonly askedAt: number;
	/** Local time at which the reply came. */
	readonly at: number;
	/** Estimate of the server's time then, in µs. */
	readonly serverNow: number;
	/** The latest that the server's time can have been then, in µs. */
	readonly serverLatest: number;
};
