import {ServerError} from '../../../pool/errors.js';
import {RefusalPause} from '../../../pool/refusal-pause.js';
import type {Lane, LaneEvent, Pool} from '../../../pool/types.js';
import type {ChangeClock} from '../../clock/change-clock.js';
import {digits} from '../../entry/entry.js';
import type {ClientTracking} from '../../memory/client-tracking.js';
import type {Availability} from '../../outage/availability.js';
import type {InvalidationHub} from '../../tags/invalidation-hub.js';

export type AwaitedKeysParts = {
	readonly pool: Pick<Pool, 'laneOf' | 'onLane'>;
	readonly tracking: Pick<ClientTracking, 'markerSubscriberOf'>;
	readonly hub: Pick<InvalidationHub, 'waitForChange' | 'wakeAll'>;
	readonly changes: Pick<ChangeClock, 'now' | 'changedSince'>;
	readonly availability: Pick<Availability, 'isInUse'>;
};

/** Where the token of a lease is in an entry. */
const lease = {from: 56, to: 72};
/** Limit of awaited keys at a time: their commands do not count against the capacity of callers, so they have to be few. */
const maxAsked = 32;
const upkeep = {isUpkeep: true} as const;

/**
 * Keys that loads of other processes are waited for, in a process without a memory tier: Redis announces to it the changes of
 * markers, and of no entry.
 *
 * A key is read with `CLIENT CACHING YES` before it, so that Redis remembers it alone, and announces its next change to the
 * subscriber. The lanes remember nothing else (`OPTIN`). Everything is said again each time: who has connected anew, or which
 * subscriber there is, does not have to be known.
 */
export class AwaitedKeys {
	readonly #parts: AwaitedKeysParts;
	readonly #refusalPause = new RefusalPause();
	/** Keys whose requests are on their way to Redis. */
	#asked = 0;
	#waiting = 0;
	#unlisten = () => {};

	constructor(parts: AwaitedKeysParts) {
		this.#parts = parts;
	}

	/**
	 * Waits until the lease of a key is gone, or the key is changed in another way, for at most `ms`.
	 *
	 * @returns False at once if Redis does not announce that, or is being told of many keys already.
	 */
	async untilChange(redisKey: string, ms: number): Promise<boolean> {
		const {pool, tracking, hub, changes, availability} = this.#parts;
		const subscriberId = tracking.markerSubscriberOf(redisKey);
		if (subscriberId === undefined || !this.#refusalPause.isOver || this.#asked >= maxAsked) return false;
		const sequence = changes.now;
		this.#startListening();
		try {
			const isLeased = await this.#remember(pool.laneOf(redisKey), redisKey, subscriberId);
			if (isLeased === undefined) return false;
			const mayWait = isLeased && availability.isInUse(redisKey);
			if (mayWait && !changes.changedSince(redisKey, sequence)) await hub.waitForChange(redisKey, ms);
			return true;
		} finally {
			this.#stopListening();
		}
	}

	/** @returns True if there is a lease, of which the end will be announced; `undefined`: Redis does not announce it. */
	async #remember(lane: Lane, redisKey: string, subscriberId: number): Promise<boolean | undefined> {
		this.#asked++;
		// Sent in one turn, and carried out one after the other: nothing comes in between.
		const [armed, remembered, read] = await Promise.allSettled([
			lane.send('CLIENT', ['TRACKING', 'ON', 'REDIRECT', subscriberId, 'OPTIN'], upkeep),
			lane.send('CLIENT', ['CACHING', 'YES'], upkeep),
			lane.send('GETRANGE', [redisKey, lease.from, lease.to - 1], {...upkeep, redirects: 'none'}),
		]);
		this.#asked--;
		const refused = [armed, remembered].find((each) => each.status === 'rejected');
		if (refused !== undefined) this.#onFailure(refused.reason);
		else this.#refusalPause.granted();
		if (refused !== undefined || read.status === 'rejected') return undefined;
		const bytes = read.value;
		return bytes instanceof Buffer && digits(bytes, 0, lease.to - lease.from) > 0;
	}

	/** A user who may not do it may get the right later; a subscriber that is gone is another one the next time. */
	#onFailure(error: unknown): void {
		if (!(error instanceof ServerError) || error.kind === 'unavailable') return;
		// Of the waiters that have asked at once, the first one.
		const isUnknown = /redirect.* does not exist/.test(error.message);
		if (!isUnknown && this.#refusalPause.isOver) this.#refusalPause.refused();
	}

	/** A lane that is lost takes with it what Redis remembers of its reads. */
	#startListening(): void {
		if (this.#waiting++ === 0) this.#unlisten = this.#parts.pool.onLane((event) => this.#onLane(event));
	}

	#stopListening(): void {
		if (--this.#waiting === 0) this.#unlisten();
	}

	#onLane({type}: LaneEvent): void {
		if (type !== 'ready') this.#parts.hub.wakeAll();
	}
}
