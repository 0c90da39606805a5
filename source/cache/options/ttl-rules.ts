import {InvalidArgumentError} from '../../pool/errors.js';
import type {TtlPattern, TtlPolicy} from '../api/cache-options.js';
import type {EntryOptions} from '../api/call-types.js';
import type {Duration} from '../api/duration.js';
import type {Lifetime} from '../entry/entry.js';
import {checkFlag, checkNames, checkShare, optionNames} from './checks.js';
import {longestMs, milliseconds} from './duration.js';

const defaultMs = 300_000;
const negativeMs = 5000;
const ttlNames = optionNames('default', 'max', 'jitter', 'sliding', 'grace', 'refreshAhead', 'negative', 'patterns');
const patternNames = optionNames('match', 'ttl', 'grace');

type Pattern = {
	readonly matches: (key: string) => boolean;
	readonly ttlMs: number | undefined;
	readonly graceMs: number | undefined;
};

/**
 * The TTL rules of a cache. Options of a call win over patterns, patterns over the default; then the maximum and jitter
 * apply.
 */
export class TtlRules {
	readonly sliding: boolean;
	/** Share of the TTL: a hit with less than this left reloads in the background. 0: never. */
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
			ttlMs: this.#upToMax(rules.default ?? Math.min(defaultMs, this.#maxMs), 'ttl.default'),
			graceMs: milliseconds(rules.grace ?? 0, 'ttl.grace'),
		};
		this.#jitter = checkShare(rules.jitter ?? 0.1, 'ttl.jitter');
		this.refreshAhead = checkShare(rules.refreshAhead ?? 0, 'ttl.refreshAhead');
		checkFlag(rules.sliding, 'ttl.sliding');
		this.sliding = rules.sliding ?? false;
		this.negativeMs = this.#upToMax(rules.negative ?? Math.min(negativeMs, this.#maxMs), 'ttl.negative');
		this.#random = random;
		const {patterns = []} = rules;
		if (!Array.isArray(patterns))
			throw new InvalidArgumentError('ttl.patterns must be an array of {match, ttl, grace}');
		this.#patterns = patterns.map((pattern: TtlPattern) => this.#toPattern(pattern));
	}

	/** The lifetime of one entry. A TTL of 0 means that it must not be stored. */
	lifetime(key: string, options: EntryOptions | undefined): Lifetime {
		let {ttlMs, graceMs} = this.#default;
		const pattern =
			this.#patterns.length === 0 ? undefined : this.#patterns.find((candidate) => candidate.matches(key));
		if (pattern !== undefined) {
			ttlMs = pattern.ttlMs ?? ttlMs;
			graceMs = pattern.graceMs ?? graceMs;
		}
		if (options?.ttl !== undefined) ttlMs = this.cut(milliseconds(options.ttl, 'ttl'));
		if (options?.grace !== undefined) graceMs = milliseconds(options.grace, 'grace');
		return {ttlMs: this.spread(ttlMs), graceMs: Math.min(graceMs, longestMs - ttlMs)};
	}

	/** Longest lifetime of an entry in milliseconds, with its grace, unless a call sets a longer one. */
	get longestLifeMs(): number {
		const graces = [this.#default, ...this.#patterns].map(({graceMs}) => graceMs ?? 0);
		return Math.min(this.#maxMs + Math.max(...graces), longestMs);
	}

	/** Limits the TTL of a call to the maximum. */
	cut(ttlMs: number): number {
		return Math.min(ttlMs, this.#maxMs);
	}

	/** Applies the jitter. Never exceeds the maximum, and never makes a TTL 0. */
	spread(ttlMs: number): number {
		if (ttlMs === 0) return 0;
		const spread = this.#jitter === 0 ? ttlMs : ttlMs * (1 + this.#jitter * (2 * this.#random() - 1));
		return Math.max(1, Math.round(this.cut(spread)));
	}

	#toPattern(pattern: TtlPattern): Pattern {
		if (typeof pattern?.match !== 'string' && !(pattern?.match instanceof RegExp))
			throw new InvalidArgumentError('ttl.patterns.match must be a glob or a regular expression');
		checkNames(pattern, 'ttl.patterns', patternNames);
		// Without the flags g and y, with which `test` would start at the end of its last match.
		const expression =
			typeof pattern.match === 'string'
				? globToRegExp(pattern.match)
				: new RegExp(pattern.match, pattern.match.flags.replaceAll(/[gy]/g, ''));
		return {
			matches: (key) => expression.test(key),
			ttlMs: pattern.ttl === undefined ? undefined : this.#upToMax(pattern.ttl, 'ttl.patterns.ttl'),
			graceMs: pattern.grace === undefined ? undefined : milliseconds(pattern.grace, 'ttl.patterns.grace'),
		};
	}

	/** A TTL rule above the maximum could never apply, so it must be a mistake. */
	#upToMax(duration: Duration, name: string): number {
		const ms = milliseconds(duration, name);
		if (ms <= this.#maxMs) return ms;
		throw new InvalidArgumentError(`${name} is ${ms} ms, longer than ttl.max, ${this.#maxMs} ms: raise ttl.max`);
	}
}

function globToRegExp(glob: string): RegExp {
	const source = glob
		.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return new RegExp(`^${source}$`, 's');
}
