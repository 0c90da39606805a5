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

/** Offsets of the lease's token in an entry. */
const lease = {from: 56, to: 72};
/** Most requests at a time: these commands do not count against the capacity of the lanes, so there must be few of them. */
const maxAsked = 32;
const upkeep = {isUpkeep: true} as const;

/**
 * Keys for whose loads in other processes this one waits. Used where Redis announces changes of markers only, and not those of
 * entries: without a memory tier, and while memory is bypassed.
 *
 * Such a key is read after `CLIENT CACHING YES`, so that Redis tracks this one read, and announces the next change of the key
 * to the subscriber. No other reads on the lane are tracked (`OPTIN`). All commands are sent again each time, so that
 * reconnects of the lane or the subscriber do not matter.
 */
export class AwaitedKeys {
	readonly #parts: AwaitedKeysParts;
	readonly #refusalPause = new RefusalPause();
	/** Number of requests in flight. */
	#asked = 0;
	#waiting = 0;
	#unlisten = () => {};

	constructor(parts: AwaitedKeysParts) {
		this.#parts = parts;
	}

	/**
	 * Waits until the lease of a key is removed, or the key changes in another way, for at most `ms`.
	 *
	 * @returns False at once if Redis cannot announce the change, or too many requests are in flight.
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

	/** @returns True if there is a lease whose end Redis will announce; `undefined` if Redis does not announce it. */
	async #remember(lane: Lane, redisKey: string, subscriberId: number): Promise<boolean | undefined> {
		this.#asked++;
		// Sent in one turn, and executed in sequence: no command of another caller comes in between.
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

	/** A missing right may be granted later; a lost subscriber is replaced by the next attempt. */
	#onFailure(error: unknown): void {
		if (!(error instanceof ServerError) || error.kind === 'unavailable') return;
		// Only the first failure of concurrent requests counts.
		const isUnknown = /redirect.* does not exist/.test(error.message);
		if (!isUnknown && this.#refusalPause.isOver) this.#refusalPause.refused();
	}

	/** When a lane is lost, Redis forgets the reads that it tracked for it. */
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
