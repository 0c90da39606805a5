import {ClosedError} from '../../pool/errors.js';
import {localNow} from '../clock/local-now.js';
import type {UnconfirmedWrites} from '../journal/unconfirmed-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {Availability} from '../outage/availability.js';
import type {MemoryReader} from './memory-reader.js';
import type {MgetBatcher} from './mget-batcher.js';
import {EntryRead, type ReadResult} from './read-types.js';

export type LookUpParts = {
	readonly availability: Availability;
	readonly memory: MemoryReader;
	readonly unconfirmed: UnconfirmedWrites;
	readonly batcher: Pick<MgetBatcher, 'read'>;
};

const nothing: ReadResult = {
	hit: undefined,
	isStale: false,
	isFromRedis: false,
	version: 0,
	lease: 0,
	namespaceTime: 0,
};

/**
 * Finds an entry that is not fresh in memory: in Redis if it may be asked, else in memory. It takes a callback, because a
 * promise for each read would cost measurable time; {@link lookUpAsync} returns a promise.
 */
export function lookUp(parts: LookUpParts, read: EntryRead): void {
	const {availability, unconfirmed, batcher} = parts;
	const {namespace, key, redisKey, isStrict} = read;
	if (availability.isStarting) {
		void availability.started.then(() => lookUp(parts, read));
		return;
	}
	if (!availability.isConnected) {
		read.settle(isStrict ? availability.unavailable() : lookUpInMemory(parts, namespace, key));
		return;
	}
	// Only this process knows the newest value of such a key: Redis would answer with an older one.
	if (unconfirmed.has(namespace, redisKey)) {
		read.settle(lookUpInMemory(parts, namespace, key));
		return;
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
		const read = new EntryRead(namespace, key, isStrict, (result) => {
			if (result instanceof Error) reject(result);
			else resolve(result);
		});
		lookUp(parts, read);
	});
}

/** Settles a read that Redis has not answered. */
export function answerWithoutRedis(
	parts: Pick<LookUpParts, 'availability' | 'memory'>,
	read: EntryRead,
	error: Error,
): void {
	if (parts.availability.isClosed) read.settle(new ClosedError('the cache'));
	else read.settle(read.isStrict ? error : lookUpInMemory(parts, read.namespace, read.key));
}

function lookUpInMemory({memory}: Pick<LookUpParts, 'memory'>, namespace: Namespace, key: string): ReadResult {
	const entry = memory.getStale(namespace, key);
	if (entry === undefined) return nothing;
	const {kind, value, version, obtainedAt, freshUntil, ttlMs} = entry;
	return {
		...nothing,
		hit: {kind, value, source: 'memory', version, obtainedAt, freshUntil, ttlMs},
		isStale: localNow() >= freshUntil,
	};
}
