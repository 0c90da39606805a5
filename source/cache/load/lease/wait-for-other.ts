import type {ChangeClock} from '../../clock/change-clock.js';
import {localNow} from '../../clock/local-now.js';
import type {Namespace} from '../../keys/namespace.js';
import type {ClientTracking} from '../../memory/client-tracking.js';
import type {Availability} from '../../outage/availability.js';
import type {ReadResult} from '../../read/look-up.js';
import type {InvalidationHub} from '../../tags/invalidation-hub.js';
import type {AwaitedKeys} from './awaited-keys.js';

export type WaitParts = {
	readonly availability: Availability;
	readonly hub: InvalidationHub;
	readonly changes: ChangeClock;
	readonly tracking: ClientTracking;
	readonly awaitedKeys: AwaitedKeys;
	/** Reads the key again. Rejects if Redis could not be asked. */
	readonly lookUp: (namespace: Namespace, key: string) => Promise<ReadResult>;
};

/** A key that another process is loading. */
export type AwaitedKey = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	/** True if the key is to be loaded whatever value Redis has. */
	readonly isReload: boolean;
	/**
	 * Called with true while the key is read: callers may then get the other process's value, so later callers must not join.
	 */
	readonly onReading: (isReading: boolean) => void;
};

/**
 * Bounds of the pauses between reads if Redis does not announce the change. Each pause is a fourth of the time that has passed.
 */
const pollMs = {min: 10, max: 1000};
/** If Redis does announce it: milliseconds after the end of the lease at which the lease is requested. */
const expirySlackMs = 5;

export type Wait = {
	/** Local time at which the wait for the key began. */
	readonly begunAt: number;
	/** Local time at which the lease of the other process expires, unless it is renewed. */
	readonly until: number;
	/** Count of the change clock when the lease was requested: a change since then will not be announced again. */
	readonly sequence: number;
};

/**
 * Waits while another process loads the key: until the value is in Redis, or the lease is removed or has expired without being
 * renewed.
 *
 * @returns The last read of the key, or the reason why Redis could not be asked; `undefined` for a reload.
 */
export async function waitForOther(
	parts: WaitParts,
	awaited: AwaitedKey,
	{begunAt, until, sequence}: Wait,
): Promise<ReadResult | Error | undefined> {
	const {availability, hub, changes, tracking, awaitedKeys} = parts;
	const endsAt = until + expirySlackMs;
	for (let since = sequence; ; ) {
		const left = endsAt - localNow();
		const pause = Math.min(pollMs.max, Math.max(pollMs.min, (localNow() - begunAt) / 4));
		const willBeAnnounced =
			tracking.announcesEntries(awaited.redisKey) && !changes.changedSince(awaited.redisKey, since);
		const isAwaited = !willBeAnnounced && (await awaitedKeys.untilChange(awaited.redisKey, left));
		// Waiters are woken when Redis goes out of use. One that begins after that would not be woken.
		if (!availability.isInUse(awaited.redisKey)) return availability.unavailable();
		if (!isAwaited) await hub.waitForChange(awaited.redisKey, willBeAnnounced ? left : Math.min(pause, left));
		if (awaited.isReload) return undefined;
		since = changes.now;
		const again = await readForLease(parts, awaited);
		if (again instanceof Error) return again;
		const isStillHeld = again.isFromRedis && again.lease > 0 && !isFresh(again);
		if (!isStillHeld || localNow() >= endsAt || !availability.isInUse(awaited.redisKey)) return again;
	}
}

/** Later callers must not join while another process's value may become the result of this load. */
export async function readForLease(
	{lookUp}: WaitParts,
	{namespace, key, onReading}: AwaitedKey,
): Promise<ReadResult | Error> {
	onReading(true);
	const result = await lookUp(namespace, key).catch((error: Error) => error);
	if (result instanceof Error || !isFresh(result)) onReading(false);
	return result;
}

/** True for a value, or a remembered "not there", that makes a load unnecessary. */
export function isFresh({hit, isStale, isFromRedis}: ReadResult): boolean {
	return hit !== undefined && !isStale && isFromRedis;
}
