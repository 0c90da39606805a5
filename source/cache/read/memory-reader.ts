import type {Pool} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {TurnClock} from '../clock/turn-clock.js';
import type {ValueCoder} from '../entry/value-coder.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-entry.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import {UsedKeys} from '../support/used-keys.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import {invalidated, type LiveUntil, live} from '../tags/liveness.js';

/** Longest block of the event loop, in milliseconds, in which the clock reading of the turn is precise enough for every TTL. */
const longestTurnMs = 10_000;

export type MemoryReaderParts = {
	readonly availability: Availability;
	readonly markers: KnownMarkers;
	readonly coder: ValueCoder;
	readonly recorder: Recorder;
	/** The clocks of the servers. */
	readonly clocks: ServerClocks;
	readonly topology: Pool['topology'];
};

/**
 * Decides which entries in memory may be served: while Redis is in use only verified ones, otherwise also stale and unverified
 * ones.
 */
export class MemoryReader {
	readonly #availability: Availability;
	readonly #markers: KnownMarkers;
	readonly #coder: ValueCoder;
	readonly #recorder: Recorder;
	readonly #clock = new TurnClock();
	readonly #servers: ServerClocks;
	/**
	 * True if an entry and the generation of its namespace may be on different servers (in a cluster), each of which may be
	 * tracked or not.
	 */
	readonly #areApart: boolean;
	/** Entries that were served without asking Redis. */
	readonly used = new UsedKeys();
	/** Number of reads from Redis that found an entry unchanged that memory had from an earlier read. */
	unchangedRereads = 0;

	constructor({availability, markers, coder, recorder, clocks, topology}: MemoryReaderParts) {
		this.#availability = availability;
		this.#markers = markers;
		this.#coder = coder;
		this.#recorder = recorder;
		this.#servers = clocks;
		this.#areApart = topology === 'cluster';
	}

	/** An entry that is fresh and verified; none while Redis is out of use. Hot path. */
	getFresh(namespace: Namespace, key: string): MemoryEntry | undefined {
		const {tier} = namespace;
		if (tier === undefined || !this.#availability.inUse) return undefined;
		const entry = tier.get(key);
		if (entry === undefined || entry.epoch !== tier.epoch) return undefined;
		let now = this.#clock.now();
		// The reading of the turn clock may be as old as the turn is long, so an entry that is about to expire is checked
		// against the real clock.
		if (entry.freshUntil - now < longestTurnMs || entry.trustedUntil - now < longestTurnMs) now = localNow();
		if (now >= entry.freshUntil || now >= entry.trustedUntil) return undefined;
		if (!this.#generationIsVerified(namespace, entry)) return undefined;
		if (entry.tags.length > 0 && !this.#tagsAreVerified(namespace, entry)) return undefined;
		if (!namespace.isUsed) this.#markers.used.note(namespace.generationKey, namespace);
		if (!entry.isUsed) this.used.note(namespace.redisKey(key), entry);
		return entry.encoded === undefined || this.decode(namespace, key, entry) ? entry : undefined;
	}

	/** A verified entry within its grace, for a read that Redis has refused to answer. */
	getVerified(namespace: Namespace, key: string): MemoryEntry | undefined {
		const {tier} = namespace;
		const entry = tier?.get(key);
		if (entry === undefined || entry.epoch !== tier?.epoch || localNow() >= entry.trustedUntil) return undefined;
		const isVerified = this.#generationIsVerified(namespace, entry) && this.#tagsAreVerified(namespace, entry);
		return isVerified ? this.getStale(namespace, key) : undefined;
	}

	/**
	 * An entry within its grace that is not known to have changed, for a key on a server in use that cannot be read from Redis
	 * because an invalidation of its namespace is unconfirmed, and will be confirmed soon.
	 */
	getUnchanged(namespace: Namespace, key: string): MemoryEntry | undefined {
		const {tier} = namespace;
		const entry = tier?.get(key);
		if (entry === undefined) return undefined;
		const isVerified = entry.epoch === tier?.epoch && localNow() < entry.trustedUntil;
		// An older entry may date from an outage of its server, after which others may have changed the key.
		const isOnlyHere = entry.version === 0 && entry.since >= this.#markers.gapAt;
		return isVerified || isOnlyHere ? this.getStale(namespace, key) : undefined;
	}

	/** An entry within its grace that is not known to be invalidated, for a read that Redis cannot answer. */
	getStale(namespace: Namespace, key: string): MemoryEntry | undefined {
		const entry = namespace.tier?.get(key);
		if (entry === undefined) return undefined;
		const liveUntil = this.#markers.liveUntil(namespace, entry.tags, entry);
		if (liveUntil === invalidated) {
			namespace.tier?.delete(key);
			return undefined;
		}
		const served = liveUntil === live ? entry : this.#soften(namespace, key, entry, liveUntil);
		return localNow() < served.staleUntil && this.decode(namespace, key, served) ? served : undefined;
	}

	/** Makes an entry stale from the time of a soft invalidation on; its grace begins at that time. */
	#soften({tier, generationKey}: Namespace, key: string, entry: MemoryEntry, liveUntil: LiveUntil): MemoryEntry {
		const now = localNow();
		const freshUntil = now + Math.min(0, (liveUntil - this.#servers.of(generationKey).estimate(now)) / 1000);
		if (tier === undefined || entry.freshUntil <= freshUntil) return entry;
		return tier.put(key, {...entry, freshUntil, staleUntil: freshUntil + (entry.staleUntil - entry.freshUntil)});
	}

	/**
	 * Decodes an entry that this process has set, at its first use.
	 *
	 * @returns False if the codec cannot decode its own bytes; then the entry is dropped.
	 */
	decode(namespace: Namespace, key: string, entry: MemoryEntry): boolean {
		if (entry.encoded === undefined) return true;
		try {
			const {codec, compression, payload} = entry.encoded;
			entry.value = this.#coder.decode(codec, compression, payload);
			entry.encoded = undefined;
			namespace.tier?.reweigh(key, entry);
			return true;
		} catch (error) {
			namespace.tier?.delete(key);
			this.#recorder.undecodable(key, error);
			return false;
		}
	}

	/**
	 * True if the generation is known to be current, and the entry belongs to it. If a single server sends invalidations, this
	 * need not be checked, since a change of the generation makes the entry unverified. Otherwise an entry may be newer than
	 * the known generation: a load takes time, and a cluster reads the two separately.
	 */
	#generationIsVerified(namespace: Namespace, entry: MemoryEntry): boolean {
		if (!this.#areApart && entry.trustedUntil === Number.POSITIVE_INFINITY) return true;
		const markers = this.#markers;
		return (
			markers.current(namespace.generationKey) !== undefined && markers.liveInGeneration(namespace, entry) === live
		);
	}

	/** True if the markers of all tags are known to be current, and none invalidates the entry. */
	#tagsAreVerified(namespace: Namespace, entry: MemoryEntry): boolean {
		const markers = this.#markers;
		for (const tag of entry.tags) {
			const tagKey = namespace.tagKey(tag);
			if (markers.current(tagKey) === undefined || markers.liveWithTag(tagKey, entry) !== live) return false;
		}
		return true;
	}
}
