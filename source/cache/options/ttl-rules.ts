import {InvalidArgumentError} from '../../pool/errors.js';
import type {Duration, EntryOptions, TtlPattern, TtlPolicy} from '../api/types.js';
import {checkFlag} from './check-arguments.js';
import {longestMs, milliseconds} from './duration.js';
import {checkNames, optionNames} from './option-names.js';

/** How long an entry is fresh, and how long after that it may be served stale. */
export type Lifetime = {readonly ttlMs: number; readonly graceMs: number};

const defaultMs = 300_000;
const negativeMs = 5000;
const ttlNames = optionNames('default', 'max', 'jitter', 'sliding', 'grace', 'refreshAhead', 'negative', 'patterns');
const patternNames = optionNames('match', 'ttl', 'grace');

type Pattern = {
	readonly matches: (key: string) => boolean;
	readonly ttlMs: number | undefined;
	readonly graceMs: number | undefined;
};

function globToRegExp(glob: string): RegExp {
	const source = glob
		.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return new RegExp(`^${source}$`, 's');
}

/** @throws {InvalidArgumentError} not from 0 to 1. */
export function share(value: number, name: string): number {
	if (typeof value === 'number' && value >= 0 && value <= 1) return value;
	throw new InvalidArgumentError(`${name} must be a number from 0 to 1, not ${String(value)}`);
}

/** The TTL rules of a cache: default, patterns, per call; then the maximum, then jitter. */
export class TtlRules {
	readonly sliding: boolean;
	/** Share of the TTL left at which a hit reloads; 0: never. */
	readonly refreshAhead: number;
	readonly negativeMs: number;
	readonly #default: Lifetime;
	readonly #maxMs: number;
	readonly #jitter: number;
	readonly #patterns: readonly Pattern[];
	readonly #random: () => number;

	constructor(policy: Duration | TtlPolicy = {}, random: () => number = Math.random) {
		if (policy === null) throw new InvalidArgumentError('ttl must be a duration or an object, not null');
		const rules: TtlPolicy = typeof policy === 'object' ? policy : {default: policy};
		checkNames(rules, 'ttl', ttlNames);
		this.#maxMs = milliseconds(rules.max ?? longestMs, 'ttl.max');
		this.#default = {
			ttlMs: this.#limited(rules.default ?? Math.min(defaultMs, this.#maxMs), 'ttl.default'),
			graceMs: milliseconds(rules.grace ?? 0, 'ttl.grace'),
		};
		this.#jitter = share(rules.jitter ?? 0.1, 'ttl.jitter');
		this.refreshAhead = share(rules.refreshAhead ?? 0, 'ttl.refreshAhead');
		checkFlag(rules.sliding, 'ttl.sliding');
		this.sliding = rules.sliding ?? false;
		this.negativeMs = this.#limited(rules.negative ?? Math.min(negativeMs, this.#maxMs), 'ttl.negative');
		this.#random = random;
		const {patterns = []} = rules;
		if (!Array.isArray(patterns))
			throw new InvalidArgumentError('ttl.patterns must be an array of {match, ttl, grace}');
		this.#patterns = patterns.map((pattern: TtlPattern) => {
			if (typeof pattern?.match !== 'string' && !(pattern?.match instanceof RegExp))
				throw new InvalidArgumentError('ttl.patterns.match must be a glob or a regular expression');
			checkNames(pattern, 'ttl.patterns', patternNames);
			const expression =
				typeof pattern.match === 'string'
					? globToRegExp(pattern.match)
					: new RegExp(pattern.match, pattern.match.flags.replaceAll(/[gy]/g, ''));
			return {
				matches: (key) => expression.test(key),
				ttlMs: pattern.ttl === undefined ? undefined : this.#limited(pattern.ttl, 'ttl.patterns.ttl'),
				graceMs: pattern.grace === undefined ? undefined : milliseconds(pattern.grace, 'ttl.patterns.grace'),
			};
		});
	}

	/** The lifetime of one entry. A TTL of 0: it is not to be kept. */
	lifetime(key: string, options: EntryOptions | undefined): Lifetime {
		let {ttlMs, graceMs} = this.#default;
		const pattern =
			this.#patterns.length === 0 ? undefined : this.#patterns.find((candidate) => candidate.matches(key));
		if (pattern !== undefined) {
			ttlMs = pattern.ttlMs ?? ttlMs;
			graceMs = pattern.graceMs ?? graceMs;
		}
		if (options?.ttl !== undefined) ttlMs = this.within(milliseconds(options.ttl, 'ttl'));
		if (options?.grace !== undefined) graceMs = milliseconds(options.grace, 'grace');
		return {ttlMs: this.spread(ttlMs), graceMs: Math.min(graceMs, longestMs - ttlMs)};
	}

	/** No TTL of a call is longer than the maximum. */
	within(ttlMs: number): number {
		return Math.min(ttlMs, this.#maxMs);
	}

	/** Applies the jitter. Spread downwards only where the maximum would be passed; never to nothing. */
	spread(ttlMs: number): number {
		if (ttlMs === 0) return 0;
		const spread = this.#jitter === 0 ? ttlMs : ttlMs * (1 + this.#jitter * (2 * this.#random() - 1));
		return Math.max(1, Math.round(this.within(spread)));
	}

	/** A TTL of the cache's own rules: one that could never be in force is a mistake. */
	#limited(duration: Duration, name: string): number {
		const ms = milliseconds(duration, name);
		if (ms <= this.#maxMs) return ms;
		throw new InvalidArgumentError(`${name} is ${ms} ms, longer than ttl.max, ${this.#maxMs} ms: raise ttl.max`);
	}
}
