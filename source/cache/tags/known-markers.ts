/** `tags/`: markers, by which one write makes every older entry of a namespace or a tag a miss. */
import {LRUCache} from 'lru-cache';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {Stamp} from '../entry/entry.js';
import type {Namespace} from '../keys/namespace.js';
import {UsedKeys} from '../support/used-keys.js';
import {assign, type Counter, type Known, newKnown, notKnown} from './known-marker.js';
import {invalidated, type LiveUntil, latestCount, live, liveInGeneration, liveWithTag} from './liveness.js';
import type {Marker} from './marker.js';

/** The fields of an entry in memory that decide if it is invalidated. */
export type Aged = {
	/** 0: only this process knows the entry. */
	readonly version: number;
	readonly stamp: Stamp;
	/** Count of the change clock when the value was obtained. */
	readonly since: number;
};

export type KnownMarkersParts = {
	readonly changes: ChangeClock;
	/** Local time until which a marker that is read or written now counts as current: for reads, and below for writes. */
	readonly trustedUntil: (markerKey: string) => number;
	readonly usableUntil: (markerKey: string) => number;
};

const maxKnown = 20_000;

/**
 * The markers of namespaces and tags, as this process knows them.
 *
 * Two orders decide if an entry is invalidated. For an entry in Redis, its stamp is compared with the markers in Redis. If
 * Redis has not confirmed the entry or the invalidation yet, the order of the calls in this process decides.
 */
export class KnownMarkers {
	/** Incremented when changes of markers may have been missed. */
	epoch = 0;
	/** Markers that were used to judge entries without being read from Redis. */
	readonly used = new UsedKeys();
	readonly #changes: ChangeClock;
	readonly #trustedUntil: (markerKey: string) => number;
	readonly #usableUntil: (markerKey: string) => number;
	/** Bounded by `maxSize`, because `max` allocates all slots at once, which takes 4 ms for each new cache. */
	readonly #known = new LRUCache<string, Known>({
		maxSize: maxKnown,
		sizeCalculation: () => 1,
		dispose: (_known, _markerKey, reason) => {
			if (reason === 'evict') this.#forgottenAt = this.#changes.now + 1;
		},
	});
	/** Shared by successive values with the same stamp, since memory keeps the stamp of each entry. */
	#lastStamp: Stamp = {generation: 0, incarnation: 0, count: 0};
	/** Count of the change clock when changes of any marker were last announced, or may have been missed. */
	#allAnnouncedAt = 0;
	/** Count of the change clock up to which markers may have changed that were evicted from `#known`. */
	#forgottenAt = 0;
	/** Count of the change clock when this process last began to change any marker. */
	#lastOwnAt = 0;

	constructor({changes, trustedUntil, usableUntil}: KnownMarkersParts) {
		this.#changes = changes;
		this.#trustedUntil = trustedUntil;
		this.#usableUntil = usableUntil;
	}

	/**
	 * A read or a script has found this marker in Redis.
	 *
	 * @param sequence Count of the change clock when the command was sent. A marker that was changed since is not current.
	 * @param epoch Epoch of the markers at that time.
	 * @param livesMs Milliseconds for which the key of the marker will exist; 0 if unknown.
	 */
	learn(markerKey: string, marker: Marker | undefined, sequence: number, epoch: number, livesMs = 0): void {
		let known = this.#known.get(markerKey);
		const isOvertaken = this.#changes.changedSince(markerKey, sequence);
		if (marker === undefined) {
			// The marker was evicted, or Redis was restarted. It is created again before the next write; for entries in memory
			// its old value still applies.
			if (known === undefined || isOvertaken) return;
			known.ensuredUntil = 0;
			known.epoch = -1;
			return;
		}
		known ??= this.#add(markerKey);
		if (isOvertaken && this.#keepsNewer(known, marker, livesMs)) return;
		const isOther = known.token !== marker.token || latestCount(known) !== latestCount(marker);
		if (livesMs === 0 && isOther) known.ensuredUntil = 0;
		if (known.token !== marker.token) {
			// A marker in the reply of a script is used even if a change was announced before the reply: most likely that is
			// the script's own change.
			if (known.token === 0 || !isOvertaken || livesMs > 0) {
				if (known.token !== 0) this.#noteChange(markerKey, known, isOvertaken);
				assign(known, marker);
			}
		} else if (latestCount(marker) > latestCount(known)) {
			this.#noteChange(markerKey, known, isOvertaken);
			assign(known, marker);
		} else if (known.mayGoBack && !isOvertaken) assign(known, marker);
		this.#verify(markerKey, known, isOvertaken, epoch, livesMs);
	}

	/** Redis has confirmed that this process has changed a marker. Parameters as for `learn`. */
	changed(markerKey: string, marker: Marker, sequence: number, epoch: number, livesMs = 0): void {
		const known = this.#known.get(markerKey) ?? this.#add(markerKey);
		const isOvertaken = this.#changes.changedSince(markerKey, sequence);
		if (isOvertaken && this.#keepsNewer(known, marker, livesMs)) return;
		if (known.token !== marker.token || latestCount(marker) > latestCount(known) || known.mayGoBack)
			assign(known, marker);
		this.#verify(markerKey, known, isOvertaken, epoch, livesMs);
	}

	/** This process is about to change a marker: from now on, older entries are invalidated in this process. */
	changing(markerKey: string): void {
		const known = this.#known.get(markerKey) ?? this.#add(markerKey);
		known.ownAt = this.#changes.advance();
		this.#lastOwnAt = known.ownAt;
		known.changedAt = known.ownAt;
		known.epoch = -1;
		known.ensuredUntil = 0;
	}

	/** A client, possibly this one, has changed the marker. @returns True if this process knows the marker. */
	markUnverified(markerKey: string): boolean {
		const known = this.#known.peek(markerKey);
		if (known === undefined) return false;
		known.epoch = -1;
		known.announcedAt = this.#changes.now;
		// The marker of a tag may have been evicted and created again with the same content, but a shorter TTL.
		if (isTagKey(markerKey)) known.ensuredUntil = 0;
		return true;
	}

	markAllUnverified(): void {
		this.epoch++;
		this.#allAnnouncedAt = this.#changes.now;
	}

	/**
	 * Redis may have lost its data, or may have been rolled back. Each marker is ensured again before the next write. The
	 * counters are forgotten: a count that is ahead of Redis would stamp entries as newer than future invalidations.
	 *
	 * @param isConcerned False for markers on other nodes of a cluster, which are kept.
	 */
	forgetEnsured(isConcerned: (markerKey: string) => boolean = () => true): void {
		for (const [markerKey, known] of this.#known.entries()) {
			if (!isConcerned(markerKey)) continue;
			known.ensuredUntil = 0;
			known.mayGoBack = true;
			if (!isCounterKey(markerKey)) continue;
			if (known.token !== 0) known.former = {token: known.token, count: known.count};
			known.token = 0;
		}
	}

	/**
	 * The counters that were forgotten, with the last count that was known before.
	 *
	 * @param isConcerned False for those on other nodes of a cluster.
	 */
	*formerCounters(
		isConcerned: (counterKey: string) => boolean,
	): Generator<readonly [counterKey: string, former: Counter]> {
		for (const [markerKey, {former}] of this.#known.entries())
			if (former !== undefined && isConcerned(markerKey)) yield [markerKey, former];
	}

	/** Redis has a lower counter than before, and that was dealt with: it is compared with this one from now on. */
	compared(counterKey: string, {token, count}: Counter): void {
		const known = this.#known.peek(counterKey);
		if (known !== undefined) known.former = {token, count};
	}

	/** Count of the change clock when changes may last have been missed. */
	get gapAt(): number {
		return this.#allAnnouncedAt;
	}

	/** True if this process has read or written the marker. */
	has(markerKey: string): boolean {
		return this.#known.has(markerKey);
	}

	/** The marker, if it is known to be current. Records its use. */
	current(markerKey: string): Marker | undefined {
		const known = this.#known.get(markerKey);
		if (known === undefined || !this.#isCurrent(known)) return undefined;
		if (!known.isUsed) this.used.note(markerKey, known);
		return known;
	}

	/**
	 * The marker as last read or written, for a node that is out of use: its changes become known when the node is back.
	 * `undefined` if it is not known.
	 */
	lastKnown(markerKey: string): Marker | undefined {
		const known = this.#known.get(markerKey);
		return known === undefined || known.token === 0 ? undefined : known;
	}

	/** True if writes may use the marker, and its key exists at least until local time `until`. */
	isEnsured(markerKey: string, until: number): boolean {
		const known = this.#known.get(markerKey);
		return known !== undefined && known.ensuredUntil >= until && this.#isCurrent(known, known.usableUntil);
	}

	/**
	 * Like `isEnsured`, for the marker of a tag, which must also have the counter's incarnation. With an older incarnation it
	 * counts as missing, because the counter was lost since.
	 */
	isTagEnsured(namespace: Namespace, tag: string, until: number): boolean {
		const tagKey = namespace.tagKey(tag);
		return (
			this.isEnsured(tagKey, until) && this.#known.get(tagKey)?.token === this.#known.get(namespace.counterKey)?.token
		);
	}

	/** The stamp of a value that is obtained from now on: the markers that Redis certainly had before. */
	stamp({generationKey, counterKey}: Namespace): Stamp {
		const {token: incarnation, count} = this.#known.get(counterKey) ?? notKnown;
		const generation = this.#known.get(generationKey)?.token ?? 0;
		const last = this.#lastStamp;
		if (last.generation !== generation || last.incarnation !== incarnation || last.count !== count)
			this.#lastStamp = {generation, incarnation, count};
		return this.#lastStamp;
	}

	/** True if this process has begun to change the marker since the count of the change clock was `sequence`. */
	hasOwnChangeSince(markerKey: string, sequence: number): boolean {
		// Fast path: this is called for each read in a reply, and mostly no marker has been changed or evicted since.
		if (this.#lastOwnAt <= sequence && this.#forgottenAt <= sequence) return false;
		return (this.#known.get(markerKey)?.ownAt ?? this.#forgottenAt) > sequence;
	}

	/** Less than `live` if the namespace is known to have been cleared after the entry was obtained. */
	liveInGeneration({generationKey}: Namespace, entry: Aged): LiveUntil {
		const known = this.#known.get(generationKey);
		return this.#liveByOrder(known, entry) ?? (known && liveInGeneration(known, entry.stamp.generation)) ?? live;
	}

	/** Less than `live` if the tag is known to have been invalidated after the entry was obtained. */
	liveWithTag(tagKey: string, entry: Aged): LiveUntil {
		const known = this.#known.get(tagKey);
		return this.#liveByOrder(known, entry) ?? (known && liveWithTag(known, entry.stamp)) ?? live;
	}

	/** Less than `live` if the namespace is known to have been cleared, or one of the tags invalidated, since. */
	liveUntil(namespace: Namespace, tags: readonly string[], entry: Aged): LiveUntil {
		let liveUntil = this.liveInGeneration(namespace, entry);
		for (const tag of tags) liveUntil = Math.min(liveUntil, this.liveWithTag(namespace.tagKey(tag), entry));
		return liveUntil;
	}

	/** Decides by the order of the calls in this process, if Redis has not confirmed the entry; otherwise `undefined`. */
	#liveByOrder(known: Known | undefined, {version, since}: Aged): LiveUntil | undefined {
		if (known === undefined) return since >= this.#forgottenAt ? live : invalidated;
		if (version === 0) return since >= known.changedAt ? live : invalidated;
		if (since < known.ownAt) return invalidated;
		return known.token === 0 ? live : undefined;
	}

	/**
	 * @returns True if the marker was read again after the change that was announced before a reply, whose content is thus
	 * older.
	 */
	#keepsNewer(known: Known, marker: Marker, livesMs: number): boolean {
		if (!this.#isCurrent(known)) return false;
		if (known.token === marker.token && livesMs > 0) known.ensuredUntil = localNow() + livesMs;
		return true;
	}

	#verify(markerKey: string, known: Known, isOvertaken: boolean, epoch: number, livesMs: number): void {
		known.epoch = isOvertaken ? -1 : epoch;
		known.trustedUntil = this.#trustedUntil(markerKey);
		known.usableUntil = this.#usableUntil(markerKey);
		if (!isOvertaken) known.mayGoBack = false;
		if (livesMs > 0) known.ensuredUntil = localNow() + livesMs;
	}

	/** Records that another process has changed the marker: at the time of the announcement, or at the latest now. */
	#noteChange(markerKey: string, known: Known, isOvertaken: boolean): void {
		// An announcement after this process's own change is most likely about that change.
		const announcedAt = known.epoch === -1 ? Math.max(known.announcedAt, known.ownAt) : this.#allAnnouncedAt;
		const isTracking = this.#trustedUntil(markerKey) === Number.POSITIVE_INFINITY;
		const isKnown = isTracking && !isOvertaken && announcedAt > 0;
		known.changedAt = Math.max(known.changedAt, isKnown ? announcedAt : this.#changes.advance());
	}

	#isCurrent({token, epoch, trustedUntil}: Known, until = trustedUntil): boolean {
		if (token === 0 || epoch !== this.epoch) return false;
		return until === Number.POSITIVE_INFINITY || localNow() < until;
	}

	#add(markerKey: string): Known {
		const known = newKnown();
		this.#known.set(markerKey, known);
		return known;
	}
}

/** True for the key of a tag or a counter. The existence of a counter is never assumed: it is read, or created by a script. */
function isTagKey(markerKey: string): boolean {
	return markerKey.includes('}:');
}

/** True for the key of a counter, which is the key of a tag without the tag. */
function isCounterKey(markerKey: string): boolean {
	return markerKey.indexOf('}:') === markerKey.length - 2;
}
