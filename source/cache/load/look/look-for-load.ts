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
	/** False: a loaded value is stored without a lease. Only in tests. */
	readonly areLeasesEnabled: boolean;
	/** Calls reject when Redis fails, unless a call says otherwise. */
	readonly isStrict: boolean;
};

/**
 * Loads in progress from which on a read is made without the lease, except in a cluster. With so many callers the reads of a turn
 * share one MGET, and the answers to it make the leases and the fills come in large commands, too; a script for each of them in
 * any order makes small ones.
 */
const maxLoads = 32;

/**
 * Reads a key that memory has no fresh value of. If that is likely to be a miss, its lease is asked for with the read.
 *
 * @param isWorthwhile False: no lease is asked for.
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

/** @returns `undefined` if the look has failed: its caller may have wanted it to. */
async function join(look: Look): Promise<Looked | undefined> {
	const looked = await look.looked.catch(() => undefined);
	return looked && {seen: looked.seen, joined: look};
}

/** As {@link lookForLoad}, until the signal of the call is aborted. A lease that is granted after that is given back. */
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

/** Nobody waits for the load any more. */
export function giveUpLater(looking: Promise<Looked>): void {
	looking.then(
		({claim}) => claim?.giveUp(),
		() => {},
	);
}

/** The markers have to be known already: otherwise the load could not be stored, and they are asked for with its lease. */
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
