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
import type {FailedLoads} from './limits/failed-loads.js';
import {type Current, LoaderResult} from './loader-result.js';
import type {Claim} from './look/looks.js';
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
	/** The value that it replaces, if there is one. */
	readonly current: Current | undefined;
	/**
	 * The lease, if it was granted with the read: then the load joins no other. Or the request for one whose answer was lost. What the
	 * load does not use is given up by who has begun it.
	 */
	readonly claim?: Claim | undefined;
	/** Set if the loader is one for many keys: then it takes no slot for this one. */
	readonly many?: ManyLoad | undefined;
};

/** A load that shares its loader with those of other keys. */
export type ManyLoad = {
	/** Its loader will not be called soon: another load of the key is waited for, or Redis is busy. */
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
 * A caller that has asked Redis after the load began may join only if the load's lease was still there. Then nothing has
 * changed in between, except perhaps the generation of the namespace or the marker of a tag, and the tags that the loader will
 * choose are not known yet. Without a lease (Redis is away, or full) only changes by this process are known, so the load must
 * be young.
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
		localNow() < tracking.trustedUntil(namespace.counterKey, flight.startedAt)
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
	// Before the loader begins: what is invalidated from now on is newer than its value.
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
		// Later callers must not share this rejection; they only wait until the lease is free.
		flight.isOpen = false;
		if (!(error instanceof LoadQueueFullError) && !(error instanceof ClosedError)) failedLoads.failed(redisKey);
		endRenewal();
		if (token > 0) flight.afterwards = leases.release(redisKey, token);
		throw error;
	}
}

/** Not after a read that Redis may be gone for: it has used up the deadline, and asking for a lease would take another one. */
function mayAskForLease(
	{availability, areLeasesEnabled, leases, unconfirmed, ttl}: LoadParts,
	{namespace, key, redisKey, options, seen}: LoadRequest,
): boolean {
	if (!availability.isConnectedTo(redisKey) || !areLeasesEnabled || unconfirmed.has(namespace, redisKey)) return false;
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
