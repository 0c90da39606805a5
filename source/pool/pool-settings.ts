import {InvalidArgumentError} from './errors.js';
import type {PoolOptions} from './pool-options.js';

/** Options of a pool, checked, with every default filled in. */
export type PoolSettings = {
	readonly url: string;
	readonly lanes: number;
	readonly deadlineMs: number;
	readonly capacity: number;
	readonly missedDeadlines: number;
	readonly reconnectMinMs: number;
	readonly reconnectMaxMs: number;
	readonly connectMs: number;
	readonly checkouts: Required<NonNullable<PoolOptions['checkouts']>>;
	readonly tls: PoolOptions['tls'];
	readonly natMap: PoolOptions['natMap'];
	readonly dnsLookup: PoolOptions['dnsLookup'];
	readonly clientName: string;
	readonly credentials: PoolOptions['credentials'];
};

const dayMs = 86_400_000;

const number = (name: string, value: number | undefined, preset: number, min: number, max: number): number => {
	if (value === undefined) return preset;
	if (typeof value !== 'number' || !(value >= min && value <= max)) {
		throw new InvalidArgumentError(`pool.${name} must be a number from ${min} to ${max}, not ${String(value)}`);
	}
	return value;
};

const integer = (name: string, value: number | undefined, preset: number, min: number, max: number): number => {
	const checked = number(name, value, preset, min, max);
	if (!Number.isInteger(checked)) throw new InvalidArgumentError(`pool.${name} must be a whole number, not ${checked}`);
	return checked;
};

/** @throws {InvalidArgumentError} the number is not 1 to 64. */
export const checkLaneCount = (lanes: number | undefined): number => integer('lanes', lanes, 2, 1, 64);

/** @throws {InvalidArgumentError} an option is out of range. */
export const readSettings = (options: PoolOptions): PoolSettings => {
	const {reconnect, checkouts, clientName = 'redis-cache-tui'} = options;
	// Redis refuses names with spaces, and the refusal would go unnoticed.
	if (!/^[\x21-\x7e]+$/.test(clientName)) {
		throw new InvalidArgumentError('pool.clientName must be printable ASCII without spaces');
	}
	const reconnectMinMs = number('reconnect.minMs', reconnect?.minMs, 50, 1, dayMs);
	const max = integer('checkouts.max', checkouts?.max, 8, 1, 1024);
	return {
		url: options.url ?? 'redis://127.0.0.1:6379',
		lanes: checkLaneCount(options.lanes),
		deadlineMs: number('deadlineMs', options.deadlineMs, 200, 1, dayMs),
		capacity: integer('capacity', options.capacity, 1024, 1, 1_000_000),
		missedDeadlines: integer('missedDeadlines', options.missedDeadlines, 3, 1, 1_000_000),
		reconnectMinMs,
		reconnectMaxMs: number('reconnect.maxMs', reconnect?.maxMs, Math.max(400, reconnectMinMs), reconnectMinMs, dayMs),
		connectMs: number('connectMs', options.connectMs, 500, 1, dayMs),
		checkouts: {
			min: integer('checkouts.min', checkouts?.min, 0, 0, max),
			max,
			idleMs: number('checkouts.idleMs', checkouts?.idleMs, 30_000, 1, dayMs),
			maxLifetimeMs: number('checkouts.maxLifetimeMs', checkouts?.maxLifetimeMs, 30 * 60_000, 1, 30 * dayMs),
			maxWaiters: integer('checkouts.maxWaiters', checkouts?.maxWaiters, 256, 0, 1_000_000),
			acquireMs: number('checkouts.acquireMs', checkouts?.acquireMs, 1000, 1, dayMs),
		},
		tls: options.tls,
		natMap: options.natMap,
		dnsLookup: options.dnsLookup,
		clientName,
		credentials: options.credentials,
	};
};
