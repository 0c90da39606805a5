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
import type {Look, Looked} from './looks.js';

export type LookForLoadParts = LookUpParts & {
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
 * *look*.
 *
 * @param isWorthwhile If false, no lease is requested.
 */
export async function lookForLoad(
	parts: LookForLoadParts,
	namespace: Namespace,
	key: string,
	options: GetOrSetOptions | undefined,
	isWorthwhile: boolean,
): Promise<Looked> {
	const {flights, leases, expectedMisses, hardTimeoutMs} = parts;
	const redisKey = namespace.redisKey(key);
	const isStrict = options?.strict ?? parts.isStrict;
	const {hardTimeout} = options ?? {};
	const other = flights.looks.get(redisKey);
	let looked: Looked | undefined;
	if (other?.isUnsent === true && !isStrict) looked = await join(other);
	else if (isWorthwhile && other === undefined && mayTakeLease(parts, namespace, key, redisKey, options))
		looked = await leases.look({
			namespace,
			key,
			redisKey,
			hardMs: hardTimeout === undefined ? hardTimeoutMs : milliseconds(hardTimeout, 'hardTimeout'),
			isReload: options?.fresh === true,
			isStrict,
		});
	looked ??= {seen: await lookUpAsync(parts, namespace, key, isStrict)};
	const {seen} = looked;
	if (seen.isFromRedis) expectedMisses.noteRead(namespace, isMiss(seen));
	return looked;
}

/** @returns `undefined` if the look has failed, since that may be due to the options of the other call (`strict`). */
async function join(look: Look): Promise<Looked | undefined> {
	const looked = await look.looked.catch(() => undefined);
	return looked && {seen: looked.seen, joined: look};
}

/**
 * Like {@link lookForLoad}, but rejects when the signal of the call is aborted. A lease that is granted after that is released.
 */
export function lookUntilAborted(
	parts: LookForLoadParts,
	namespace: Namespace,
	key: string,
	options: GetOrSetOptions | undefined,
): Promise<Looked> {
	const {availability, flights} = parts;
	const isCluster = availability.nodes !== undefined;
	const isWorthwhile = isCluster || flights.size + flights.looks.size < maxLoads;
	const looking = lookForLoad(parts, namespace, key, options, isWorthwhile);
	const {signal} = options ?? {};
	if (signal === undefined) return looking;
	return raceWithSignal(looking, signal).catch((error: unknown) => {
		giveUpLater(looking);
		throw error;
	});
}

/** Gives up the claim of a look whose caller no longer waits. */
export function giveUpLater(looking: Promise<Looked>): void {
	looking.then(
		({claim}) => claim?.giveUp(),
		() => {},
	);
}

/**
 * False if the markers are not known yet, since the loaded value could not be stored. They are then requested together with the
 * lease.
 */
function mayTakeLease(
	{availability, unconfirmed, flights, leases, failedLoads, expectedMisses, ttl, areLeasesEnabled}: LookForLoadParts,
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
		leases.mayLook(namespace, redisKey, options?.tags ?? [], ttl.lifetime(key, options))
	);
}

function isMiss({hit, isStale}: ReadResult): boolean {
	return hit === undefined || isStale;
}
