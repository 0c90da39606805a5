import {InvalidArgumentError} from '../../pool/errors.js';
import type {PoolOptions} from '../../pool/types.js';
import type {CacheOptions} from '../api/types.js';
import {ValueCoder} from '../entry/codec.js';
import {checkName} from '../keys/key-builder.js';
import type {MemoryLimits} from '../memory/memory-budget.js';
import type {BreakerLimits} from '../outage/breaker.js';
import {checkFlag, checkText} from './check-arguments.js';
import {boundedMs, poolOptions} from './connection-options.js';
import {milliseconds} from './duration.js';
import {checkNames, optionNames} from './option-names.js';
import {TtlRules} from './ttl-rules.js';

/** Options with every default filled in and every value checked. */
export type Settings = {
	/** Of the connections; its `url` and `deadlineMs` are those of the cache. */
	readonly pool: PoolOptions;
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
		'strict',
		'pool',
	),
	compression: optionNames('thresholdBytes', 'algorithm'),
	memory: optionNames('maxEntries', 'maxBytes', 'trust'),
	journal: optionNames('maxKeys', 'path'),
	loader: optionNames('softTimeout', 'hardTimeout'),
	breaker: optionNames('consecutive', 'rate', 'minimum', 'probeInterval'),
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

/** @throws {InvalidArgumentError} an option is out of range; its name is in the message. */
export function settle(options: CacheOptions): Settings {
	checkNames(options, 'RedisCache', names.cache);
	const {journal = {}, loader = {}, breaker = {}} = options;
	checkNames(journal, 'journal', names.journal);
	checkNames(loader, 'loader', names.loader);
	checkNames(breaker, 'breaker', names.breaker);
	if (typeof options.compression === 'object') checkNames(options.compression, 'compression', names.compression);
	checkText(options.url, 'url');
	checkText(journal.path, 'journal.path');
	checkFlag(options.strict, 'strict');
	const prefix = options.prefix ?? 'rct';
	const namespace = options.namespace ?? 'default';
	checkName(prefix, 'prefix');
	checkName(namespace, 'namespace');
	const memory = options.memory === false ? undefined : (options.memory ?? {});
	if (memory !== undefined) checkNames(memory, 'memory', names.memory);
	const url = options.url ?? process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
	const deadlineMs = boundedMs(options.deadline ?? 200, 'deadline', 1, 60_000);
	return {
		pool: poolOptions(options, url, deadlineMs),
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
			maxKeys: number(journal.maxKeys, 10_000, 'journal.maxKeys', 1, 10_000_000),
			path: journal.path,
		},
		softTimeoutMs:
			loader.softTimeout === undefined ? undefined : milliseconds(loader.softTimeout, 'loader.softTimeout'),
		hardTimeoutMs: milliseconds(loader.hardTimeout ?? 10_000, 'loader.hardTimeout'),
		breaker: {
			consecutive: number(breaker.consecutive, 5, 'breaker.consecutive', 1, 10_000),
			rate: number(breaker.rate, 0.5, 'breaker.rate', 0.01, 1, false),
			minimum: number(breaker.minimum, 20, 'breaker.minimum', 1, 1_000_000),
		},
		probeMs: boundedMs(breaker.probeInterval ?? 100, 'breaker.probeInterval', 10, 60_000),
		strict: options.strict ?? false,
		deadlineMs,
	};
}
