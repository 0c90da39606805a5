import type {GetOrSetOptions} from '../../api/call-types.js';
import type {UnconfirmedWrites} from '../../journal/unconfirmed-writes.js';
import type {Namespace} from '../../keys/namespace.js';
import {milliseconds} from '../../options/duration.js';
import type {TtlRules} from '../../options/ttl-rules.js';
import type {Availability} from '../../outage/availability.js';
import {type LookUpParts, lookUpAsync, type ReadResult} from '../../read/look-up.js';
import {raceWithSignal} from '../../support/race-with-signal.js';
import type {Flights} from '../flights.js';
import type {Leases} from '../lease/leases.js';
import type {FailedLoads} from '../limits/failed-loads.js';
import type {ExpectedMisses} from './expected-misses.js';
import type {ReadForLoad, SharedLeaseRead} from './shared-lease-reads.js';

export type ReadForLoadParts = LookUpParts & {
	readonly availability: Availability;
	readonly unconfirmed: UnconfirmedWrites;
	readonly flights: Flights;
	readonly leases: Leases;
	readonly failedLoads: FailedLoads;
	readonly expectedMisses: ExpectedMisses;
	readonly ttl: TtlRules;
	readonly hardTimeoutMs: number;
	/** If false, loaded values are stored without a lease. Only in tests. */
	readonly areLeasesEnabled: boolean;
	/** Calls reject when Redis fails, unless a call says otherwise. */
	readonly isStrict: boolean;
};

/**
 * Number of loads in progress above which reads do not request the lease, except in a cluster. With so many callers, the reads
 * of a turn share one MGET, and as its replies arrive together, leases and fills are batched into large commands, too. Separate
 * scripts would lead to small commands.
 */
const maxLoads = 32;

/**
 * Reads a key that has no fresh value in memory. If a miss is likely, its lease is requested with the read: such a read is a
 * *lease read*.
 *
 * @param mayRequestLease If false, no lease is requested.
 */
export async function readForLoad(
	parts: ReadForLoadParts,
	namespace: Namespace,
	key: string,
	options: GetOrSetOptions | undefined,
	mayRequestLease: boolean,
): Promise<ReadForLoad> {
	const {flights, leases, expectedMisses, hardTimeoutMs} = parts;
	const redisKey = namespace.redisKey(key);
	const isStrict = options?.strict ?? parts.isStrict;
	const {hardTimeout} = options ?? {};
	const other = flights.leaseReads.get(redisKey);
	let read: ReadForLoad | undefined;
	if (other?.isUnsent === true && !isStrict) read = await join(other);
	else if (mayRequestLease && other === undefined && mayTakeLease(parts, namespace, key, redisKey, options))
		read = await leases.readWithLease({
			namespace,
			key,
			redisKey,
			hardMs: hardTimeout === undefined ? hardTimeoutMs : milliseconds(hardTimeout, 'hardTimeout'),
			isReload: options?.fresh === true,
			isStrict,
		});
	read ??= {seen: await lookUpAsync(parts, namespace, key, isStrict)};
	const {seen} = read;
	if (seen.isFromRedis) expectedMisses.noteRead(namespace, isMiss(seen));
	return read;
}

/** @returns `undefined` if the lease read has failed, since that may be due to the options of the other call (`strict`). */
async function join(shared: SharedLeaseRead): Promise<ReadForLoad | undefined> {
	const read = await shared.result.catch(() => undefined);
	return read && {seen: read.seen, joined: shared};
}

/**
 * Like {@link readForLoad}, but rejects when the signal of the call is aborted. A lease that is granted after that is released.
 */
export function readUntilAborted(
	parts: ReadForLoadParts,
	namespace: Namespace,
	key: string,
	options: GetOrSetOptions | undefined,
): Promise<ReadForLoad> {
	const {availability, flights} = parts;
	const isCluster = availability.nodes !== undefined;
	const mayRequestLease = isCluster || flights.size + flights.leaseReads.size < maxLoads;
	const reading = readForLoad(parts, namespace, key, options, mayRequestLease);
	const {signal} = options ?? {};
	if (signal === undefined) return reading;
	return raceWithSignal(reading, signal).catch((error: unknown) => {
		giveUpLater(reading);
		throw error;
	});
}

/** Gives up the claim of a read whose caller no longer waits. */
export function giveUpLater(reading: Promise<ReadForLoad>): void {
	reading.then(
		({claim}) => claim?.giveUp(),
		() => {},
	);
}

/**
 * False if the markers are not known yet, since the loaded value could not be stored. They are then requested together with the
 * lease.
 */
function mayTakeLease(
	{availability, unconfirmed, flights, leases, failedLoads, expectedMisses, ttl, areLeasesEnabled}: ReadForLoadParts,
	namespace: Namespace,
	key: string,
	redisKey: string,
	options: GetOrSetOptions | undefined,
): boolean {
	if (options?.fresh !== true && !expectedMisses.expects(namespace, key, redisKey)) return false;
	return (
		areLeasesEnabled &&
		availability.isConnectedTo(redisKey) &&
		!unconfirmed.has(namespace, redisKey) &&
		flights.get(redisKey) === undefined &&
		!failedLoads.isResting(redisKey) &&
		leases.mayReadWithLease(namespace, redisKey, options?.tags ?? [], ttl.lifetime(key, options))
	);
}

function isMiss({hit, isStale}: ReadResult): boolean {
	return hit === undefined || isStale;
}
