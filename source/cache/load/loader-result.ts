import {InvalidArgumentError} from '../../pool/errors.js';
import type {EntryOptions, LoaderContext, StaleValue} from '../api/call-types.js';
import {localNow} from '../clock/local-now.js';
import type {Lifetime} from '../entry/entry.js';
import {checkEntryOptions} from '../options/call-options.js';
import type {TtlRules} from '../options/ttl-rules.js';

/** The value that a load replaces. Times are local milliseconds. */
export type Current = {
	readonly value: unknown;
	readonly obtainedAt: number;
	readonly freshUntil: number;
	readonly staleUntil: number;
	readonly ttlMs: number;
	readonly tags: readonly string[];
};

/** Returned by a loader for "not modified". */
const kept = Symbol('kept');

/** The part of the loader context that describes the value to replace and records the options of the new one. */
export class LoaderResult {
	readonly #key: string;
	readonly #current: Current | undefined;
	readonly #callOptions: EntryOptions | undefined;
	#chosen: EntryOptions | undefined;

	constructor(key: string, current: Current | undefined, callOptions: EntryOptions | undefined) {
		this.#key = key;
		this.#current = current;
		this.#callOptions = callOptions;
	}

	get stale(): StaleValue | undefined {
		const current = this.#current;
		return current && {value: current.value, ageMs: Math.max(0, Math.floor(localNow() - current.obtainedAt))};
	}

	readonly setOptions: LoaderContext['setOptions'] = (options) => {
		checkEntryOptions(options, 'setOptions');
		this.#chosen = {...this.#chosen, ...options};
	};

	readonly keep: LoaderContext['keep'] = (options) => {
		if (this.#current === undefined)
			throw new InvalidArgumentError(
				`keep: there is no value of ${JSON.stringify(this.#key)} to keep; check stale first`,
			);
		if (options !== undefined) {
			checkEntryOptions(options, 'keep');
			this.#chosen = {...this.#chosen, ...options};
		}
		return kept as never;
	};

	isKept(returned: unknown): boolean {
		return returned === kept;
	}

	/** The value for the callers. */
	valueOf(returned: unknown): unknown {
		return returned === kept ? this.#current?.value : returned;
	}

	/** A kept value ("not modified") keeps its tags, TTL and grace, unless the loader has set others. */
	storedAs(returned: unknown, ttl: TtlRules): {readonly life: Lifetime; readonly tags: readonly string[]} {
		const current = returned === kept ? this.#current : undefined;
		const options = current === undefined ? {...this.#callOptions, ...this.#chosen} : this.#chosen;
		const life = ttl.lifetime(this.#key, options);
		const {tags = current?.tags ?? []} = options ?? {};
		if (current === undefined) return {life, tags};
		return {
			life: {
				ttlMs: options?.ttl === undefined ? current.ttlMs : life.ttlMs,
				graceMs: options?.grace === undefined ? current.staleUntil - current.freshUntil : life.graceMs,
			},
			tags,
		};
	}
}
