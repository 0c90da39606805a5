import {InvalidArgumentError} from '../pool/errors.js';
import type {BreakerLimits} from './breaker.js';
import {ValueCoder} from './codec.js';
import {milliseconds} from './duration.js';
import {checkName} from './keys.js';
import type {MemoryLimits} from './memory-tier.js';
import {TtlRules} from './ttl-policy.js';
import type {CacheOptions} from './types.js';

/** Options with every default filled in and every value checked. */
export type Settings = {
	readonly url: string;
	readonly prefix: string;
	readonly namespace: string;
	readonly ttl: TtlRules;
	readonly coder: ValueCoder;
	/** `undefined`: no memory tier. */
	readonly memory: (MemoryLimits & {readonly trustMs: number}) | undefined;
	readonly journal: {readonly maxKeys: number; readonly path: string | undefined};
	readonly softTimeoutMs: number | undefined;
	readonly hardTimeoutMs: number;
	readonly breaker: BreakerLimits;
	readonly probeMs: number;
	readonly strict: boolean;
	readonly deadlineMs: number;
};

function number(
	value: number | undefined,
	fallback: number,
	name: string,
	min: number,
	max: number,
	whole = true,
): number {
	const given = value ?? fallback;
	if (typeof given === 'number' && given >= min && given <= max && (!whole || Number.isInteger(given))) return given;
	throw new InvalidArgumentError(
		`${name} must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}, not ${String(given)}`,
	);
}

function text(value: unknown, name: string): void {
	if (value !== undefined && typeof value !== 'string')
		throw new InvalidArgumentError(`${name} must be a string, not ${value === null ? 'null' : typeof value}`);
}

function flag(value: unknown, name: string): void {
	if (value !== undefined && typeof value !== 'boolean')
		throw new InvalidArgumentError(`${name} must be true or false, not a ${typeof value}`);
}

/** @throws {InvalidArgumentError} an option is out of range; its name is in the message. */
export function settle(options: CacheOptions): Settings {
	if (typeof options !== 'object' || options === null)
		throw new InvalidArgumentError(`options must be an object, not ${options === null ? 'null' : typeof options}`);
	text(options.url, 'url');
	text(options.journal?.path, 'journal.path');
	flag(options.strict, 'strict');
	const prefix = options.prefix ?? 'rct';
	const namespace = options.namespace ?? 'default';
	checkName(prefix, 'prefix');
	checkName(namespace, 'namespace');
	const memory = options.memory === false ? undefined : (options.memory ?? {});
	return {
		url: options.url ?? process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
		prefix,
		namespace,
		ttl: new TtlRules(options.ttl),
		coder: new ValueCoder(options),
		memory:
			memory === undefined
				? undefined
				: {
						maxEntries: number(memory.maxEntries, 10_000, 'memory.maxEntries', 1, 10_000_000),
						maxBytes: number(memory.maxBytes, 67_108_864, 'memory.maxBytes', 1024, 2 ** 40),
						trustMs: milliseconds(memory.trust ?? 1000, 'memory.trust'),
					},
		journal: {
			maxKeys: number(options.journal?.maxKeys, 10_000, 'journal.maxKeys', 1, 10_000_000),
			path: options.journal?.path,
		},
		softTimeoutMs:
			options.loader?.softTimeout === undefined
				? undefined
				: milliseconds(options.loader.softTimeout, 'loader.softTimeout'),
		hardTimeoutMs: milliseconds(options.loader?.hardTimeout ?? 10_000, 'loader.hardTimeout'),
		breaker: {
			consecutive: number(options.breaker?.consecutive, 5, 'breaker.consecutive', 1, 10_000),
			rate: number(options.breaker?.rate, 0.5, 'breaker.rate', 0.01, 1, false),
			minimum: number(options.breaker?.minimum, 20, 'breaker.minimum', 1, 1_000_000),
		},
		probeMs: number(options.breaker?.probeMs, 100, 'breaker.probeMs', 10, 60_000),
		strict: options.strict ?? false,
		deadlineMs: number(options.pool?.deadlineMs, 200, 'pool.deadlineMs', 1, 60_000),
	};
}
