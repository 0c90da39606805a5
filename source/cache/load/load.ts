import {ClosedError} from '../../pool/errors.js';
import type {GetOrSetOptions, Loader} from '../api/call-types.js';
import {LoadQueueFullError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {UnconfirmedWrites} from '../journal/unconfirmed-writes.js';
import {isTooLong} from '../keys/check-key.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import {milliseconds} from '../options/duration.js';
import type {Availability} from '../outage/availability.js';
import type {ReadResult} from '../read/look-up.js';
import {waitAtMost} from '../support/wait-at-most.js';
import type {Flight} from './flight.js';
import type {Flights} from './flights.js';
import {type KeepParts, keepLoaded} from './keep-loaded.js';
import {type LeaseResult, noLease} from './lease/acquire-lease.js';
import type {Leases} from './lease/leases.js';
import type {Claim} from './lease-read/shared-lease-reads.js';
import type {FailedLoads} from './limits/failed-loads.js';
import {type Current, LoaderResult} from './loader-result.js';
import {type LoaderParts, runLoader} from './run-loader.js';

export type LoadParts = LoaderParts &
	KeepParts & {
		readonly availability: Availability;
		readonly flights: Flights;
		readonly leases: Leases;
		readonly changes: ChangeClock;
		readonly tracking: ClientTracking;
		readonly unconfirmed: UnconfirmedWrites;
		readonly hardTimeoutMs: number;
		readonly failedLoads: FailedLoads;
	};

/** A request to load one key, with the result of the read that came before. */
export type LoadRequest = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	readonly loader: Loader<unknown>;
	readonly options: GetOrSetOptions | undefined;
	/** The result of the read that came before: a miss. */
	readonly seen: ReadResult;
	/** The value that the load replaces, if there is one. */
	readonly current: Current | undefined;
	/**
	 * The lease that was granted with the read, in which case the load joins no other; or the number of a lease request whose
	 * answer was lost. If the load does not use the claim, the caller of `load` gives it up.
	 */
	readonly claim?: Claim | undefined;
	/** Set if the loader loads many keys in one call: it then needs no slot for this key. */
	readonly many?: ManyLoad | undefined;
};

/** A load that shares its loader with those of other keys. */
export type ManyLoad = {
	/** Called when the loader will not be called soon: the load waits for another load of the key, or Redis is busy. */
	delayed(): void;
};

/** Milliseconds for which a load without a lease may be joined while Redis is in use. */
const joinWithoutLeaseMs = 50;
/** Longest wait of callers for a loaded value to be stored in Redis. Until it is, the load may still be joined. */
const fillWaitMs = 25;

/** Joins the load of the key that is in progress, if nothing can have changed since it began; else starts one. */
export function load(parts: LoadParts, request: LoadRequest): Flight {
	const {claim, redisKey} = request;
	const running = claim?.lease === undefined ? parts.flights.get(redisKey) : undefined;
	if (running !== undefined && mayJoin(parts, running, request)) {
		request.many?.delayed();
		return running;
	}
	return parts.flights.start(redisKey, (flight) => runFlight(parts, flight, request));
}

/**
 * A caller that has read Redis after the load began may join only if it saw the load's lease. Then the key has not changed in
 * between; but the generation of the namespace or the marker of a tag may have, and the tags that the loader will choose are
 * not known yet. Without a lease (Redis is unreachable, or full) only changes by this process are known, so the load must have
 * begun recently.
 */
function mayJoin(
	{availability, changes, tracking}: LoadParts,
	flight: Flight,
	{namespace, redisKey, seen}: LoadRequest,
): boolean {
	const {token} = flight;
	if (!flight.isValid || !flight.isOpen) return false;
	if (token === undefined) return true;
	if (token === 0) return !availability.isConnectedTo(redisKey) || localNow() - flight.startedAt < joinWithoutLeaseMs;
	if (!seen.isFromRedis) return !availability.isConnectedTo(redisKey);
	return (
		token === seen.lease &&
		seen.generation > 0 &&
		seen.generation === flight.generation &&
		flight.isCounterKnown &&
		!changes.changedSince(namespace.counterKey, flight.sequence) &&
		localNow() < tracking.markerTrustedUntil(namespace.counterKey, flight.startedAt)
	);
}

/** A load from its lease to its fill. @returns The value for its callers. */
async function runFlight(parts: LoadParts, flight: Flight, request: LoadRequest): Promise<unknown> {
	const {availability, leases, changes, markers, ttl, failedLoads} = parts;
	const {namespace, key, redisKey, loader, options, seen, current, many, claim} = request;
	const hardMs =
		options?.hardTimeout === undefined ? parts.hardTimeoutMs : milliseconds(options.hardTimeout, 'hardTimeout');

	// Without a lease the loader is called in the same turn.
	const isLeaseAskedFor = claim?.lease === undefined && mayAskForLease(parts, request);
	if (claim?.lease !== undefined || isLeaseAskedFor) claim?.use(flight);
	const lease = claim?.lease ?? (isLeaseAskedFor ? await askForLease(parts, flight, request, hardMs) : noLease);
	if (availability.isClosed && 'token' in lease && lease.token > 0)
		flight.afterwards = leases.release(redisKey, lease.token);
	availability.assertOpen();
	if ('value' in lease) return lease.value;
	const {token} = lease;
	flight.token = token;
	flight.sequence = changes.now;
	// Taken before the loader begins, so that every later invalidation is newer than its value.
	const stamp = markers.stamp(namespace);
	flight.generation = stamp.generation;
	flight.isCounterKnown = markers.current(namespace.counterKey) !== undefined;
	const endRenewal = token > 0 ? leases.keepAlive(redisKey, lease) : () => {};
	try {
		const result = new LoaderResult(key, current, options);
		const returned = await runLoader(parts, {
			namespace,
			key,
			loader,
			hardMs,
			abort: flight.abort,
			result,
			isSlotNeeded: many === undefined,
		});
		failedLoads.succeeded(redisKey);
		const value = result.valueOf(returned);
		if (isTooLong(key)) return value;
		const keeping = keepLoaded(parts, flight, {
			namespace,
			key,
			redisKey,
			value,
			...result.storedAs(returned, ttl),
			negativeMs:
				options?.negativeTtl === undefined ? ttl.negativeMs : milliseconds(options.negativeTtl, 'negativeTtl'),
			token,
			endRenewal,
			stamp,
			since: flight.sequence,
			seenVersion: seen.version,
		});
		flight.afterwards = keeping.catch(() => {}).then(endRenewal);
		await waitAtMost(keeping, fillWaitMs);
		return value;
	} catch (error) {
		// Later callers must not share this rejection. The flight stays until the lease is released.
		flight.isOpen = false;
		if (!(error instanceof LoadQueueFullError) && !(error instanceof ClosedError)) failedLoads.failed(redisKey);
		endRenewal();
		if (token > 0) flight.afterwards = leases.release(redisKey, token);
		throw error;
	}
}

/**
 * False if the read failed because Redis may be unreachable: it has used up the deadline, and a lease request would take
 * another one.
 */
function mayAskForLease(
	{availability, areLeasesEnabled, leases, unconfirmed, ttl}: LoadParts,
	{namespace, key, redisKey, options, seen}: LoadRequest,
): boolean {
	if (!availability.isConnectedTo(redisKey) || !areLeasesEnabled || unconfirmed.hasKey(redisKey)) return false;
	// The value would soon be a miss. Not so while the node of the markers is lost: other processes have to know it meanwhile.
	if (unconfirmed.has(namespace, redisKey) && availability.isLost?.(namespace.generationKey) !== true) return false;
	if (seen.isFromRedis) return true;
	const asked = {namespace, redisKey, tags: options?.tags ?? [], life: ttl.lifetime(key, options)};
	return leases.isWorthwhileAfter(seen.error, asked);
}

/** The lease (token 0: the load runs without one), or the value that another process has loaded meanwhile. */
function askForLease(
	{leases, ttl}: LoadParts,
	flight: Flight,
	{namespace, key, redisKey, options, seen, claim, many}: LoadRequest,
	hardMs: number,
): Promise<LeaseResult> {
	return leases.acquire({
		namespace,
		key,
		redisKey,
		tags: options?.tags ?? [],
		life: ttl.lifetime(key, options),
		hardMs,
		isReload: options?.fresh === true,
		seenVersion: seen.version,
		lostRequest: claim?.lostRequest,
		onReading: (isReading) => {
			flight.isOpen = !isReading;
		},
		onDelayed: many && (() => many.delayed()),
	});
}
