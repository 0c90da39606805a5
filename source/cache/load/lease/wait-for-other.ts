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

/** A key that another process loads. */
export type AwaitedKey = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	/** True if it is to be loaded whatever Redis has. */
	readonly isReload: boolean;
	/** True while it is read: the callers may get the other process's value, so later callers may not join. */
	readonly onReading: (isReading: boolean) => void;
};

/** Where Redis announces no change, or has done so already: pauses between reads, each a fourth of the time that has passed already. */
const pollMs = {min: 10, max: 1000};
/** Where it does, the time after the end of a lease at which it is asked for. */
const expirySlackMs = 5;

export type Wait = {
	/** Local time at which the wait for the key began. */
	readonly begunAt: number;
	/** Local time at which the lease of the other process ends, unless it is renewed. */
	readonly until: number;
	/** Count of the change clock when the lease was asked for: a change since will not be announced again. */
	readonly sequence: number;
};

/**
 * Waits while another process loads the key: until its value is there, its lease is gone, or the lease is over unless it was
 * renewed.
 *
 * @returns The last read of the key, or why Redis could not be asked; `undefined` for a reload.
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
		// Waiters are woken when Redis goes out of use: one that begins afterwards would wait for nothing.
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

/** Later callers may not join while the value of another process may become that of this load. */
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
