import type {ChangeClock} from '../clock/change-clock.js';
import type {ParsedEntry, StoredEntry} from '../entry/entry.js';
import type {ValueCoder} from '../entry/value-coder.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {UnconfirmedWrites} from '../journal/unconfirmed-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import {invalidated, type LiveUntil, live, liveInGeneration, liveWithTag} from '../tags/liveness.js';
import type {Marker} from '../tags/marker.js';
import {answerWithoutRedis, type EntryRead, type ReadResult} from './look-up.js';
import type {MemoryReader} from './memory-reader.js';

export type AcceptParts = {
	readonly availability: Availability;
	readonly changes: ChangeClock;
	readonly markers: KnownMarkers;
	readonly unconfirmed: UnconfirmedWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly memory: MemoryReader;
	readonly tracking: ClientTracking;
	readonly coder: ValueCoder;
	readonly recorder: Recorder;
	/** Reads a marker from Redis; `undefined` if it does not exist. */
	readonly readMarker: (markerKey: string) => Promise<Marker | undefined>;
	/** Shortens the lifetime of an entry in Redis that would outlive its TTL. */
	readonly redate: (redisKey: string) => void;
};

/** The time of a reply, and the state at the time of its command. Shared by all reads of the command. */
export type ReplyInfo = {
	/** Count of the change clock when the first read of the command was requested. */
	readonly sequence: number;
	/** Local time of that request. */
	readonly askedAt: number;
	/** Local time at which the reply arrived. */
	readonly at: number;
	/** Estimated server time of the reply, in µs. */
	readonly serverNow: number;
	/** Latest possible server time of the reply, in µs. */
	readonly serverLatest: number;
};

/**
 * Turns a reply of Redis into a result: a hit if the entry is not invalidated and can be decoded, else a
 * miss. A hit is kept in memory unless the key has changed while the reply was in flight.
 *
 * @param generation Generation of the namespace; `undefined` if there is none.
 */
export function acceptReply(
	parts: AcceptParts,
	read: EntryRead,
	entry: ParsedEntry,
	generation: Marker | undefined,
	reply: ReplyInfo,
): void {
	if (typeof entry === 'string') {
		if (entry === 'foreign') parts.recorder.corrupt(read.key, 'its bytes in Redis are not an entry of this version');
		read.settle(miss(parts, read, reply, 0, 0, generation?.token ?? 0));
	} else if (entry.tags.length === 0) read.settle(toResult(parts, read, entry, generation, live, reply));
	else acceptTagged(parts, read, entry, generation, reply);
}

/** A separate function, so that a read without tags allocates no closures. */
function acceptTagged(
	parts: AcceptParts,
	read: EntryRead,
	entry: StoredEntry,
	generation: Marker | undefined,
	reply: ReplyInfo,
): void {
	untagged(parts, read.namespace, entry, reply.sequence).then(
		(tagsLiveUntil) => read.settle(toResult(parts, read, entry, generation, tagsLiveUntil, reply)),
		(error: Error) => answerWithoutRedis(parts, read, error),
	);
}

function toResult(
	parts: AcceptParts,
	read: EntryRead,
	entry: StoredEntry,
	marker: Marker | undefined,
	tagsLiveUntil: LiveUntil,
	reply: ReplyInfo,
): ReadResult {
	const {version, lease} = entry;
	const generation = marker?.token ?? 0;
	const ownLiveUntil = entry.isEnded ? entry.freshUntil : live;
	const liveUntil = Math.min(ownLiveUntil, tagsLiveUntil, uncleared(parts, read, entry, marker, reply));
	if (entry.kind === 'lease' || liveUntil === invalidated) return miss(parts, read, reply, version, lease, generation);
	const {tier} = read.namespace;
	const hasChanged = tier !== undefined && parts.changes.changedSince(read.redisKey, reply.sequence);
	const inMemory = tier?.get(read.key);
	// Replies can overtake each other: memory may have been filled by a later reply of Redis.
	const isOutdated = inMemory !== undefined && inMemory.version > version;
	if (isOutdated && !hasChanged && inMemory.learnedAt < reply.askedAt) {
		// Redis was rolled back, or its clock was set back. It is not known which of the two values is newer, so neither is
		// served.
		parts.dirtyKeys.noteKey(read.redisKey, reply.at, read.namespace);
		return miss(parts, read, reply, version, lease, generation);
	}
	let value: unknown;
	if (entry.kind === 'value') {
		try {
			value = decodeOnce(parts, read, entry);
		} catch (error) {
			parts.recorder.undecodable(read.key, error);
			return miss(parts, read, reply, version, lease, generation);
		}
	}
	if (!entry.isEnded && entry.freshUntil - reply.serverLatest > entry.ttlMs * 1000) parts.redate(read.redisKey);
	// Since the server's time is an estimate, the remaining time is limited to the TTL.
	const endsAt = Math.min(entry.freshUntil, liveUntil);
	const freshUntil = reply.at + Math.min((endsAt - reply.serverNow) / 1000, liveUntil === live ? entry.ttlMs : 0);
	const obtainedAt = reply.at - Math.max(0, reply.serverNow - entry.asOf) / 1000;
	if (reply.at >= freshUntil + entry.graceMs)
		return {hit: undefined, isStale: true, isFromRedis: true, version, lease, generation};
	if (tier !== undefined && !hasChanged && !isOutdated) {
		const known = inMemory?.epoch === tier.epoch && inMemory.version === version ? inMemory : undefined;
		if (known !== undefined && known.learnedAt < reply.askedAt && reply.at < freshUntil)
			parts.memory.unchangedRereads++;
		keepInMemory(parts, read, entry, {value, freshUntil, obtainedAt, learnedAt: known?.learnedAt ?? reply.at}, reply);
	}
	const staleUntil = freshUntil + entry.graceMs;
	return {
		hit: {
			kind: entry.kind,
			value,
			source: 'redis',
			version,
			obtainedAt,
			freshUntil,
			staleUntil,
			ttlMs: entry.ttlMs,
			tags: entry.tags,
		},
		isStale: reply.at >= freshUntil,
		isFromRedis: true,
		version,
		lease,
		generation,
	};
}

/**
 * Less than `live` if the namespace was cleared after the entry was obtained: by any process before the reply, or by this one
 * since. Also if an invalidation of the namespace is unconfirmed, and the entry may be older.
 */
function uncleared(
	{markers, unconfirmed}: AcceptParts,
	{namespace, key, redisKey}: EntryRead,
	{stamp, version, asOf}: StoredEntry,
	generation: Marker | undefined,
	{sequence}: ReplyInfo,
): LiveUntil {
	if (generation === undefined || markers.hasOwnChangeSince(namespace.generationKey, sequence)) return invalidated;
	if (asOf <= unconfirmed.invalidatedUntil(namespace, redisKey)) {
		// It is newer all the same if this process has stored or read it since.
		const inMemory = namespace.tier?.get(key);
		if (inMemory?.version !== version || markers.liveUntil(namespace, inMemory.tags, inMemory) === invalidated)
			return invalidated;
	}
	return liveInGeneration(generation, stamp.generation);
}

/** The value of the entry; taken from memory if memory has the same version, so that it is not decoded again. */
function decodeOnce({memory, coder}: AcceptParts, {namespace, key}: EntryRead, entry: StoredEntry): unknown {
	const inMemory = namespace.tier?.get(key);
	if (inMemory?.version === entry.version && memory.decode(namespace, key, inMemory)) return inMemory.value;
	return coder.decode(entry.codec, entry.compression, entry.bytes, entry.payloadAt);
}

function keepInMemory(
	{unconfirmed, tracking}: AcceptParts,
	{namespace, key, redisKey, memoryEpoch}: EntryRead,
	entry: StoredEntry,
	known: {value: unknown; freshUntil: number; obtainedAt: number; learnedAt: number},
	{at, sequence}: ReplyInfo,
): void {
	if (unconfirmed.hasKey(redisKey)) return;
	namespace.tier?.put(key, {
		kind: entry.kind === 'absent' ? 'absent' : 'value',
		encoded: undefined,
		...known,
		version: entry.version,
		stamp: entry.stamp,
		since: sequence,
		staleUntil: known.freshUntil + entry.graceMs,
		ttlMs: entry.ttlMs,
		tags: entry.tags,
		bytes: entry.bytes.length - entry.payloadAt,
		epoch: memoryEpoch,
		trustedUntil: tracking.trustedUntil(redisKey, at),
	});
}

/** A miss. Removes the key from memory, unless it has changed while the reply was in flight. */
function miss(
	{changes}: AcceptParts,
	{namespace, key, redisKey}: EntryRead,
	{sequence}: ReplyInfo,
	version: number,
	lease: number,
	generation: number,
): ReadResult {
	const {tier} = namespace;
	if (tier !== undefined && !changes.changedSince(redisKey, sequence)) tier.delete(key);
	return {hit: undefined, isStale: false, isFromRedis: true, version, lease, generation};
}

/** Less than `live` if the marker of a tag is missing, or was changed after the entry was obtained. */
async function untagged(
	{availability, markers, unconfirmed, readMarker}: AcceptParts,
	namespace: Namespace,
	{tags, stamp}: StoredEntry,
	sequence: number,
): Promise<LiveUntil> {
	const tagKeys = tags.map((tag) => namespace.tagKey(tag));
	if (tagKeys.some((tagKey) => unconfirmed.hasTag(tagKey))) return invalidated;
	// All markers are requested together: one round trip, however many tags there are.
	const isLost = availability.isLost?.(namespace.generationKey) === true;
	const markerOf = (tagKey: string) =>
		markers.current(tagKey) ?? (isLost ? markers.lastKnown(tagKey) : readMarker(tagKey));
	const found = await Promise.all(tagKeys.map(markerOf));
	let liveUntil = live;
	for (const [index, tagKey] of tagKeys.entries()) {
		const marker = found[index];
		if (marker === undefined || markers.hasOwnChangeSince(tagKey, sequence)) return invalidated;
		liveUntil = Math.min(liveUntil, liveWithTag(marker, stamp));
	}
	return liveUntil;
}
