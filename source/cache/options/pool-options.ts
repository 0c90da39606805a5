import {InvalidArgumentError} from '../../pool/errors.js';
import type {NatMap, PoolOptions} from '../../pool/pool-options.js';
import type {ConnectionOptions} from '../api/connection-options.js';
import type {Duration} from '../api/duration.js';
import {checkFunction, checkNames, optionNames} from './checks.js';
import {milliseconds} from './duration.js';

export const dayMs = 86_400_000;

const poolNames = optionNames(
	'lanes',
	'capacity',
	'missedDeadlines',
	'connectTimeout',
	'reconnect',
	'checkouts',
	'tls',
	'natMap',
	'dnsLookup',
	'clientName',
	'credentials',
);
const reconnectNames = optionNames('min', 'max');
const checkoutNames = optionNames('min', 'max', 'idleTimeout', 'maxLifetime', 'maxWaiters', 'acquireTimeout');

/**
 * Milliseconds of an option that has bounds.
 *
 * @throws {InvalidArgumentError | InvalidDurationError} not a duration, or out of bounds.
 */
export function boundedMs(duration: Duration, name: string, min: number, max: number): number {
	const ms = milliseconds(duration, name);
	if (ms >= min && ms <= max) return ms;
	throw new InvalidArgumentError(`${name} must be from ${min} to ${max} ms, not ${ms} ms`);
}

/** @throws {InvalidArgumentError | InvalidDurationError} an option cannot be used; its name is in the message. */
export function poolOptions(pool: ConnectionOptions, url: string, deadlineMs: number): PoolOptions {
	checkNames(pool, 'pool', poolNames);
	const {
		connectTimeout,
		reconnect = {},
		checkouts = {},
		lanes,
		capacity,
		missedDeadlines,
		tls,
		natMap,
		dnsLookup,
		clientName,
		credentials,
	} = pool;
	if (capacity !== undefined) checkCapacity(capacity);
	if (natMap !== undefined) checkNatMap(natMap);
	if (dnsLookup !== undefined) checkFunction(dnsLookup, 'pool.dnsLookup');
	if (credentials !== undefined) checkFunction(credentials, 'pool.credentials');
	checkNames(reconnect, 'pool.reconnect', reconnectNames);
	checkNames(checkouts, 'pool.checkouts', checkoutNames);
	const {min, max, maxWaiters} = checkouts;
	const ms = (duration: Duration | undefined, name: string, least = 1, most = dayMs) =>
		duration === undefined ? undefined : boundedMs(duration, `pool.${name}`, least, most);
	const reconnectMinMs = ms(reconnect.min, 'reconnect.min');
	return withoutUndefined({
		url,
		deadlineMs,
		lanes,
		capacity,
		missedDeadlines,
		connectMs: ms(connectTimeout, 'connectTimeout'),
		reconnect: withoutUndefined({
			minMs: reconnectMinMs,
			maxMs: ms(reconnect.max, 'reconnect.max', reconnectMinMs ?? 50),
		}),
		checkouts: withoutUndefined({
			min,
			max,
			idleMs: ms(checkouts.idleTimeout, 'checkouts.idleTimeout'),
			maxLifetimeMs: ms(checkouts.maxLifetime, 'checkouts.maxLifetime', 1, 30 * dayMs),
			maxWaiters,
			acquireMs: ms(checkouts.acquireTimeout, 'checkouts.acquireTimeout'),
		}),
		tls,
		natMap,
		dnsLookup,
		clientName,
		credentials,
	});
}

/** @throws {InvalidArgumentError} below 2: reads and writes get half of the capacity each. */
function checkCapacity(capacity: number): void {
	if (Number.isInteger(capacity) && capacity >= 2 && capacity <= 1_000_000) return;
	throw new InvalidArgumentError(`pool.capacity must be a whole number from 2 to 1000000, not ${String(capacity)}`);
}

/** @throws {InvalidArgumentError} neither a function nor an object that maps addresses to endpoints. */
function checkNatMap(natMap: NatMap): void {
	if (typeof natMap === 'function') return;
	const endpoints: unknown[] = natMap !== null && typeof natMap === 'object' ? Object.values(natMap) : [undefined];
	if (endpoints.every(isEndpoint)) return;
	throw new InvalidArgumentError(
		"pool.natMap must be a function, or map addresses to endpoints: {'172.18.0.2:6379': {host: 'localhost', port: 7000}}",
	);
}

function isEndpoint(value: unknown): boolean {
	if (value === null || typeof value !== 'object' || !('host' in value) || !('port' in value)) return false;
	const {host, port} = value;
	return typeof host === 'string' && host !== '' && Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536;
}

/** The pool fills in its own defaults for options that are left out. */
function withoutUndefined<T extends object>(options: T): {[Name in keyof T]?: Exclude<T[Name], undefined>} {
	return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
		[Name in keyof T]?: Exclude<T[Name], undefined>;
	};
}
