/** `options/`: checks what callers pass, and fills in the defaults. */
import {InvalidArgumentError} from '../../pool/errors.js';
import type {PoolOptions} from '../../pool/pool-options.js';
import type {CacheOptions, Coherence} from '../api/cache-options.js';
import {ValueCoder} from '../entry/value-coder.js';
import type {JournalSettings} from '../journal/dirty-keys.js';
import {checkName} from '../keys/check-key.js';
import type {MemoryLimits} from '../memory/memory-budget.js';
import {checkFlag, checkNames, checkText, optionNames} from './checks.js';
import {milliseconds} from './duration.js';
import {type InspectSettings, inspectSettings} from './inspect-option.js';
import {boundedMs, poolOptions} from './pool-options.js';
import {TtlRules} from './ttl-rules.js';

const coherences: readonly Coherence[] = ['auto', 'broadcast', 'tracked', 'ttl'];

/** First part of every Redis key of a cache, unless its options say otherwise. */
export const defaultPrefix = 'rct';

/** The limits at which the circuit breaker opens. */
export type BreakerLimits = {
	/**
	 * Failed calls in a row. Not to be confused with the pool's `missedDeadlines` (pool/commands/command-channel.ts): that counts missed
	 * deadlines on one connection and reopens the connection; this takes Redis out of use for the whole cache.
	 */
	readonly consecutive: number;
	/** Share of failures in the window, 0 to 1. */
	readonly rate: number;
	/** Calls in the window below which the share is ignored. */
	readonly minimum: number;
};

export type MemorySettings = MemoryLimits & {readonly trustMs: number; readonly coherence: Coherence};

/** Options with all values checked and all defaults filled in. */
export type Settings = {
	/** Options of the pool, including the `url` and `deadlineMs` of the cache. */
	readonly pool: PoolOptions;
	readonly prefix: string;
	readonly namespace: string;
	readonly ttl: TtlRules;
	readonly coder: ValueCoder;
	/** `undefined`: no memory tier. */
	readonly memory: MemorySettings | undefined;
	readonly journal: JournalSettings;
	/** `undefined`: none. */
	readonly softTimeoutMs: number | undefined;
	readonly hardTimeoutMs: number;
	/** `max` is `Infinity` if there is no limit. */
	readonly loaderSlots: {readonly max: number; readonly maxWaiting: number};
	/** 0: none. */
	readonly retryAfterMs: number;
	readonly breaker: BreakerLimits;
	readonly probeMs: number;
	readonly heartbeatMs: number;
	readonly strict: boolean;
	readonly deadlineMs: number;
	/** `undefined`: the cache is not offered to viewers. */
	readonly inspect: InspectSettings | undefined;
};

const names = {
	cache: optionNames(
		'url',
		'deadline',
		'prefix',
		'namespace',
		'ttl',
		'codec',
		'compression',
		'maxValueBytes',
		'memory',
		'journal',
		'loader',
		'breaker',
		'heartbeat',
		'strict',
		'pool',
		'inspect',
	),
	compression: optionNames('thresholdBytes', 'algorithm'),
	memory: optionNames('maxEntries', 'maxBytes', 'trust', 'coherence'),
	journal: optionNames('maxKeys', 'path', 'directory'),
	loader: optionNames('softTimeout', 'hardTimeout', 'concurrency', 'queue', 'retryAfter'),
	breaker: optionNames('consecutive', 'rate', 'minimum', 'probeInterval'),
};

/** @throws {RedisCacheError} an option is unknown or cannot be used; its name is in the message. */
export function toSettings(options: CacheOptions): Settings {
	checkNames(options, 'RedisCache', names.cache);
	const {journal = {}, loader = {}, breaker = {}} = options;
	checkNames(journal, 'journal', names.journal);
	checkNames(loader, 'loader', names.loader);
	checkNames(breaker, 'breaker', names.breaker);
	if (typeof options.compression === 'object') checkNames(options.compression, 'compression', names.compression);
	checkText(options.url, 'url');
	checkText(journal.path, 'journal.path');
	checkText(journal.directory, 'journal.directory');
	if (journal.path !== undefined && journal.directory !== undefined)
		throw new InvalidArgumentError('give journal.path or journal.directory, not both');
	checkFlag(options.strict, 'strict');
	const prefix = options.prefix ?? defaultPrefix;
	const namespace = options.namespace ?? 'default';
	checkName(prefix, 'prefix');
	checkName(namespace, 'namespace');
	const memory = options.memory === false ? undefined : (options.memory ?? {});
	if (memory !== undefined) checkNames(memory, 'memory', names.memory);
	const url = options.url ?? process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
	const deadlineMs = boundedMs(options.deadline ?? 200, 'deadline', 1, 60_000);
	return {
		pool: poolOptions(options.pool ?? {}, url, deadlineMs),
		prefix,
		namespace,
		ttl: new TtlRules(options.ttl),
		coder: new ValueCoder(options),
		memory: memory && {
			maxEntries: count(memory.maxEntries ?? 10_000, 'memory.maxEntries', 1, 10_000_000),
			maxBytes: count(memory.maxBytes ?? 67_108_864, 'memory.maxBytes', 1024, 2 ** 40),
			trustMs: milliseconds(memory.trust ?? 1000, 'memory.trust'),
			coherence: oneOf(memory.coherence ?? 'auto', 'memory.coherence', coherences),
		},
		journal: {
			maxKeys: count(journal.maxKeys ?? 10_000, 'journal.maxKeys', 1, 10_000_000),
			path: journal.path,
			directory: journal.directory,
		},
		softTimeoutMs:
			loader.softTimeout === undefined ? undefined : milliseconds(loader.softTimeout, 'loader.softTimeout'),
		hardTimeoutMs: milliseconds(loader.hardTimeout ?? 10_000, 'loader.hardTimeout'),
		loaderSlots: {
			max:
				loader.concurrency === undefined
					? Number.POSITIVE_INFINITY
					: count(loader.concurrency, 'loader.concurrency', 1, 1_000_000),
			maxWaiting: count(loader.queue ?? 0, 'loader.queue', 0, 1_000_000),
		},
		retryAfterMs: milliseconds(loader.retryAfter ?? 0, 'loader.retryAfter'),
		breaker: {
			consecutive: count(breaker.consecutive ?? 5, 'breaker.consecutive', 1, 10_000),
			rate: within(breaker.rate ?? 0.5, 'breaker.rate', 0.01, 1),
			minimum: count(breaker.minimum ?? 20, 'breaker.minimum', 1, 1_000_000),
		},
		probeMs: boundedMs(breaker.probeInterval ?? 100, 'breaker.probeInterval', 10, 60_000),
		heartbeatMs: boundedMs(options.heartbeat ?? 1000, 'heartbeat', 100, 60_000),
		strict: options.strict ?? false,
		deadlineMs,
		inspect: inspectSettings(options.inspect),
	};
}

function count(value: number, name: string, min: number, max: number): number {
	if (Number.isInteger(value) && value >= min && value <= max) return value;
	throw new InvalidArgumentError(`${name} must be a whole number from ${min} to ${max}, not ${String(value)}`);
}

function oneOf<T extends string>(value: T, name: string, known: readonly T[]): T {
	if (known.includes(value)) return value;
	const words = known.map((each) => `'${each}'`).join(', ');
	throw new InvalidArgumentError(`${name} must be one of ${words}, not ${JSON.stringify(value) ?? String(value)}`);
}

function within(value: number, name: string, min: number, max: number): number {
	if (typeof value === 'number' && value >= min && value <= max) return value;
	throw new InvalidArgumentError(`${name} must be a number from ${min} to ${max}, not ${String(value)}`);
}
