import {InvalidArgumentError} from '../pool/errors.js';
import {longestMs, milliseconds} from './duration.js';
import type {Duration, SetOptions, TtlPattern, TtlPolicy} from './types.js';

/** How long an entry is fresh, and how long after that it may be served stale. */
export type Lifetime = {readonly ttlMs: number; readonly graceMs: number};

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
	if (value >= 0 && value <= 1) return value;
	throw new InvalidArgumentError(`${name} must be between 0 and 1, not ${value}`);
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
		this.#maxMs = milliseconds(rules.max ?? '1d', 'ttl.max');
		this.#default = {
			ttlMs: milliseconds(rules.default ?? '5m', 'ttl.default'),
			graceMs: milliseconds(rules.grace ?? 0, 'ttl.grace'),
		};
		this.#jitter = share(rules.jitter ?? 0.1, 'ttl.jitter');
		this.refreshAhead = share(rules.refreshAhead ?? 0, 'ttl.refreshAhead');
		this.sliding = rules.sliding ?? false;
		this.negativeMs = milliseconds(rules.negative ?? '5s', 'ttl.negative');
		this.#random = random;
		const {patterns = []} = rules;
		if (!Array.isArray(patterns))
			throw new InvalidArgumentError('ttl.patterns must be an array of {match, ttl, grace}');
		this.#patterns = patterns.map((pattern: TtlPattern) => {
			if (typeof pattern?.match !== 'string' && !(pattern?.match instanceof RegExp))
				throw new InvalidArgumentError('ttl.patterns.match must be a glob or a regular expression');
			const expression =
				typeof pattern.match === 'string'
					? globToRegExp(pattern.match)
					: new RegExp(pattern.match, pattern.match.flags.replaceAll(/[gy]/g, ''));
			return {
				matches: (key) => expression.test(key),
				ttlMs: pattern.ttl === undefined ? undefined : milliseconds(pattern.ttl, 'ttl.patterns.ttl'),
				graceMs: pattern.grace === undefined ? undefined : milliseconds(pattern.grace, 'ttl.patterns.grace'),
			};
		});
	}

	/** The lifetime of one entry. At least 1 ms: an entry that is set is never born dead. */
	lifetime(key: string, options: SetOptions | undefined): Lifetime {
		let {ttlMs, graceMs} = this.#default;
		const pattern =
			this.#patterns.length === 0 ? undefined : this.#patterns.find((candidate) => candidate.matches(key));
		if (pattern !== undefined) {
			ttlMs = pattern.ttlMs ?? ttlMs;
			graceMs = pattern.graceMs ?? graceMs;
		}
		if (options?.ttl !== undefined) ttlMs = milliseconds(options.ttl, 'ttl');
		if (options?.grace !== undefined) graceMs = milliseconds(options.grace, 'grace');
		return {ttlMs: this.spread(ttlMs), graceMs: Math.min(graceMs, longestMs - Math.min(ttlMs, longestMs))};
	}

	/** Applies the maximum and the jitter. Spread downwards only where the maximum would be passed. */
	spread(ttlMs: number): number {
		const spread = this.#jitter === 0 ? ttlMs : ttlMs * (1 + this.#jitter * (2 * this.#random() - 1));
		return Math.max(1, Math.round(Math.min(spread, this.#maxMs)));
	}
}
