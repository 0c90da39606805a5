import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {Lifetime, Stamp} from '../entry/entry.js';
import {entryArguments} from '../entry/entry-arguments.js';
import type {Encoded, ValueCoder} from '../entry/value-coder.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {Recorder} from '../observe/recorder.js';
import type {TtlRules} from '../options/ttl-rules.js';
import type {Availability} from '../outage/availability.js';
import {toError} from '../support/to-error.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import {live} from '../tags/liveness.js';
import type {Flight} from './flight.js';
import type {Leases} from './lease/leases.js';

export type KeepParts = {
	readonly availability: Availability;
	readonly leases: Leases;
	readonly changes: ChangeClock;
	readonly markers: KnownMarkers;
	readonly tracking: ClientTracking;
	readonly coder: ValueCoder;
	readonly recorder: Recorder;
	readonly ttl: TtlRules;
	/** If false, loaded values are stored without a lease. Only in tests. */
	readonly areLeasesEnabled: boolean;
};

/** The result of a loader. */
export type Loaded = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	/** `undefined`: "not there". */
	readonly value: unknown;
	/** As chosen by the call or the loader. */
	readonly life: Lifetime;
	readonly tags: readonly string[];
	/** Milliseconds for which "not there" is remembered. */
	readonly negativeMs: number;
	/** Token of the lease; 0: none. */
	readonly token: number;
	/** Stops the renewals of the lease. */
	readonly endRenewal: () => void;
	/** State of the markers before the loader began: the value is newer than all invalidations up to that state. */
	readonly stamp: Stamp;
	/** Count of the change clock when its loader began. */
	readonly since: number;
	/** Version in Redis that the load replaces; 0 if there was no entry. */
	readonly seenVersion: number;
};

const nothing: Encoded = {codec: '-', compression: '-', payload: '', bytes: 0};

/**
 * Stores a loaded value: in Redis if the lease is still there, and in memory if the key has not changed meanwhile. A value that
 * must not be kept, or cannot be encoded, still removes an older one. Never rejects.
 */
export async function keepLoaded(parts: KeepParts, flight: Flight, loaded: Loaded): Promise<void> {
	const {availability, leases, changes, ttl, areLeasesEnabled} = parts;
	const {redisKey, value, tags, token} = loaded;
	const isAbsent = value === undefined;
	const encoded = isAbsent ? nothing : encode(parts, value);
	const given = isAbsent ? {ttlMs: ttl.spread(loaded.negativeMs), graceMs: 0} : loaded.life;
	const isToBeKept = given.ttlMs > 0 && encoded !== undefined;
	if (!flight.isValid || (!isToBeKept && loaded.seenVersion === 0)) {
		// While Redis is unreachable, memory may have an older value although the read found nothing in Redis.
		if (flight.isValid) removeFromMemory(parts, loaded);
		if (token > 0) await leases.release(redisKey, token);
		return;
	}
	// A value that must not be kept still replaces an older one, with the shortest possible TTL.
	const life = isToBeKept ? given : {ttlMs: 1, graceMs: 0};
	const sequence = changes.now;
	let version = 0;
	if (token > 0 || (!areLeasesEnabled && availability.isConnectedTo(redisKey))) {
		// An entry without a value counts as a miss.
		const kind = encoded === undefined ? 'lease' : isAbsent ? 'absent' : 'value';
		const entry = entryArguments(kind, encoded ?? nothing, life, tags, loaded.stamp);
		version = await leases.fill(loaded, {entry, tags, life}, token);
		// Others need not wait until the lease expires. It may already be gone, or be removed by a fill in doubt.
		if (version === 0 && token > 0) await leases.release(redisKey, token);
		if (version <= 0) return;
	}
	if (!flight.isValid) return;
	if (encoded !== undefined) keepInMemory(parts, loaded, {encoded, life, tags, version, sequence});
	else removeFromMemory(parts, loaded);
}

/**
 * @returns `undefined` if the codec cannot encode the value or it is too large. That is reported as an event only, since the
 * caller has the value.
 */
function encode({coder, recorder}: KeepParts, value: unknown): Encoded | undefined {
	try {
		return coder.encode(value);
	} catch (error) {
		recorder.error('fill', toError(error));
		return undefined;
	}
}

function removeFromMemory({changes}: KeepParts, {namespace, key, redisKey}: Loaded): void {
	changes.note(redisKey);
	namespace.tier?.delete(key);
}

function keepInMemory(
	{changes, markers, tracking}: KeepParts,
	{namespace, key, redisKey, value, stamp, since}: Loaded,
	stored: {encoded: Encoded; life: Lifetime; tags: readonly string[]; version: number; sequence: number},
): void {
	const {tier} = namespace;
	if (tier === undefined) return;
	const {encoded, life, tags, version, sequence} = stored;
	const aged = {version, stamp, since};
	const isVerified =
		version > 0 && markers.liveUntil(namespace, tags, aged) === live && !changes.changedSince(redisKey, sequence);
	// Replies that Redis sent before the fill must not be stored in memory after it.
	changes.note(redisKey);
	const now = localNow();
	const trustedUntil = tracking.trustedUntil(redisKey, now);
	tier.put(key, {
		kind: value === undefined ? 'absent' : 'value',
		encoded: value === undefined ? undefined : encoded,
		value: undefined,
		...aged,
		obtainedAt: now,
		learnedAt: now,
		freshUntil: now + life.ttlMs,
		staleUntil: now + life.ttlMs + life.graceMs,
		ttlMs: life.ttlMs,
		tags,
		bytes: encoded.bytes,
		epoch: isVerified && trustedUntil > now ? tier.epoch : -1,
		trustedUntil,
	});
}
