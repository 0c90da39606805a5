import type {ChangeClock} from '../clock/change-clock.js';
import type {ParsedEntry, StoredEntry} from '../entry/entry.js';
import type {ValueCoder} from '../entry/value-coder.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {UnconfirmedWrites} from '../journal/unconfirmed-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {InvalidationTimes} from '../tags/invalidation-times.js';
import {answerWithoutRedis, type EntryRead, type ReadResult} from './look-up.js';
import type {MemoryReader} from './memory-reader.js';
import type {ReplyInfo} from './mget-batch.js';

export type AcceptParts = {
	readonly availability: Availability;
	readonly changes: ChangeClock;
	readonly times: InvalidationTimes;
	readonly unconfirmed: UnconfirmedWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly memory: MemoryReader;
	readonly tracking: ClientTracking;
	readonly coder: ValueCoder;
	readonly recorder: Recorder;
	/** Reads an invalidation time from Redis; 0: it does not exist. */
	readonly readTime: (timeKey: string) => Promise<number>;
};

/** Tolerance for an entry that is ahead of the server's clock, in µs. */
const futureSlackMicros = 1_000_000;

/**
 * Turns a reply of Redis into a result: a hit if the entry is not hidden by an invalidation time and can be decoded, else a
 * miss. A hit is kept in memory unless the key has changed while the reply was in flight.
 *
 * @param namespaceTime Invalidation time of the namespace, in µs; 0: there is none.
 */
export function acceptReply(
	parts: AcceptParts,
	read: EntryRead,
	entry: ParsedEntry,
	namespaceTime: number,
	reply: ReplyInfo,
): void {
	if (typeof entry === 'string' || entry.tags.length === 0) {
		read.settle(toResult(parts, read, entry, namespaceTime, reply));
		return;
	}
	areTagsLive(parts, read.namespace, entry).then(
		(areLive) => {
			// The namespace may have been cleared while the tags were read.
			const newest = parts.times.newest(read.namespace.timeKey, namespaceTime);
			read.settle(
				areLive
					? toResult(parts, read, entry, newest, reply)
					: miss(parts, read, reply, entry.version, entry.lease, namespaceTime),
			);
		},
		(error: Error) => answerWithoutRedis(parts, read, error),
	);
}

function toResult(
	parts: AcceptParts,
	read: EntryRead,
	entry: ParsedEntry,
	namespaceTime: number,
	reply: ReplyInfo,
): ReadResult {
	if (entry === 'missing') return miss(parts, read, reply, 0, 0, namespaceTime);
	if (entry === 'foreign') {
		parts.recorder.corrupt(read.key, 'its bytes in Redis are not an entry of this version');
		return miss(parts, read, reply, 0, 0, namespaceTime);
	}
	const {version, lease} = entry;
	if (entry.kind === 'lease' || isHidden(entry, namespaceTime, reply))
		return miss(parts, read, reply, version, lease, namespaceTime);
	const {tier} = read.namespace;
	const hasChanged = tier !== undefined && parts.changes.changedSince(read.redisKey, reply.sequence);
	const inMemory = tier?.get(read.key);
	// Replies can overtake each other: memory may have been filled by a reply that Redis gave after this one.
	const isOutdated = inMemory !== undefined && inMemory.version > version;
	if (isOutdated && !hasChanged && inMemory.learnedAt < reply.askedAt) {
		// Redis, or its clock, went back in time. It is not known which of the two values is newer, so neither is served.
		parts.dirtyKeys.noteKey(read.redisKey, reply.at, read.namespace);
		return miss(parts, read, reply, version, lease, namespaceTime);
	}
	let value: unknown;
	if (entry.kind === 'value') {
		try {
			value = decodeOnce(parts, read, entry);
		} catch (error) {
			parts.recorder.undecodable(read.key, error);
			return miss(parts, read, reply, version, lease, namespaceTime);
		}
	}
	// The server's time is an estimate: no entry has longer to live than its TTL.
	const freshUntil = reply.at + Math.min((entry.freshUntil - reply.serverNow) / 1000, entry.ttlMs);
	const obtainedAt = reply.at - Math.max(0, reply.serverNow - entry.asOf) / 1000;
	if (reply.at >= freshUntil + entry.graceMs)
		return {hit: undefined, isStale: true, isFromRedis: true, version, lease, namespaceTime};
	if (tier !== undefined && !hasChanged && !isOutdated)
		keepInMemory(parts, read, entry, {value, freshUntil, obtainedAt}, reply);
	const staleUntil = freshUntil + entry.graceMs;
	return {
		hit: {kind: entry.kind, value, source: 'redis', version, obtainedAt, freshUntil, staleUntil, ttlMs: entry.ttlMs},
		isStale: reply.at >= freshUntil,
		isFromRedis: true,
		version,
		lease,
		namespaceTime,
	};
}

/** True if the namespace was cleared after the entry was obtained, or if the entry cannot be compared with that. */
function isHidden({asOf}: StoredEntry, namespaceTime: number, {serverLatest}: ReplyInfo): boolean {
	// Written before the server's clock was set back: no later change would count as newer.
	const isFromTheFuture = asOf > serverLatest + futureSlackMicros;
	return isFromTheFuture || namespaceTime === 0 || asOf <= namespaceTime;
}

/** The value of the entry; from memory, if memory has this version. */
function decodeOnce({memory, coder}: AcceptParts, {namespace, key}: EntryRead, entry: StoredEntry): unknown {
	const inMemory = namespace.tier?.get(key);
	if (inMemory?.version === entry.version && memory.decode(namespace, key, inMemory)) return inMemory.value;
	return coder.decode(entry.codec, entry.compression, entry.bytes, entry.payloadAt);
}

function keepInMemory(
	{unconfirmed, tracking}: AcceptParts,
	{namespace, key, redisKey, memoryEpoch}: EntryRead,
	entry: StoredEntry,
	{value, freshUntil, obtainedAt}: {value: unknown; freshUntil: number; obtainedAt: number},
	{at}: ReplyInfo,
): void {
	if (unconfirmed.has(namespace, redisKey)) return;
	namespace.tier?.put(key, {
		kind: entry.kind === 'absent' ? 'absent' : 'value',
		encoded: undefined,
		value,
		version: entry.version,
		asOf: entry.asOf,
		obtainedAt,
		learnedAt: at,
		freshUntil,
		staleUntil: freshUntil + entry.graceMs,
		ttlMs: entry.ttlMs,
		tags: entry.tags,
		bytes: entry.bytes.length - entry.payloadAt,
		epoch: memoryEpoch,
		trustedUntil: tracking.trustedUntil(at),
	});
}

/** A miss. Removes the key from memory, unless it has changed while the reply was in flight. */
function miss(
	{changes}: AcceptParts,
	{namespace, key, redisKey}: EntryRead,
	{sequence}: ReplyInfo,
	version: number,
	lease: number,
	namespaceTime: number,
): ReadResult {
	const {tier} = namespace;
	if (tier !== undefined && !changes.changedSince(redisKey, sequence)) tier.delete(key);
	return {hit: undefined, isStale: false, isFromRedis: true, version, lease, namespaceTime};
}

/** True if the invalidation times of all tags exist and are older than the entry. */
async function areTagsLive(
	{times, unconfirmed, readTime}: AcceptParts,
	namespace: Namespace,
	{tags, asOf}: StoredEntry,
): Promise<boolean> {
	const timeKeys = tags.map((tag) => namespace.tagTimeKey(tag));
	if (timeKeys.some((timeKey) => unconfirmed.hasTagTime(timeKey))) return false;
	// All at once: one round trip, however many tags there are.
	const values = await Promise.all(timeKeys.map((timeKey) => times.current(timeKey) ?? readTime(timeKey)));
	return timeKeys.every((timeKey, index) => {
		const time = values[index] ?? 0;
		return time > 0 && asOf > Math.max(time, times.newestKnown(timeKey));
	});
}
