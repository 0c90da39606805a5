import {type TracingChannel, tracingChannel} from 'node:diagnostics_channel';
import type {EntrySource} from '../api/types.js';

/** Calls of a cache, as they are named in traces. */
export type CallName =
	| 'get'
	| 'getEntry'
	| 'has'
	| 'ttl'
	| 'getOrSet'
	| 'getMany'
	| 'set'
	| 'setMany'
	| 'delete'
	| 'deleteMany'
	| 'expire'
	| 'touch'
	| 'invalidateTags'
	| 'clear'
	| 'load';

/** What every trace of a call says, from its start. */
export type CallFacts = {
	/** Which call. */
	readonly operation: CallName;
	/** Where Redis is, without credentials: `redis://127.0.0.1:6379/0`. */
	readonly server: string;
	/** Of the cache, or of `cache.namespace(…)`. */
	readonly namespace: string;
};

/**
 * Published on `redis-cache-tui:get` (also for `getEntry`, `has` and `ttl`) and `redis-cache-tui:getOrSet`.
 * A read that memory answers says so from the start; all others only when they are done.
 */
export type ReadTrace = CallFacts & {
	/** Which call. */
	readonly operation: 'get' | 'getEntry' | 'has' | 'ttl' | 'getOrSet';
	/** As the caller gave it. */
	readonly key: string;
	/** `stale`: past its TTL, served within `grace`. A remembered "not there" is a `hit`. */
	outcome?: 'hit' | 'stale' | 'miss';
	/** Where the answer came from. Of a miss: `loader` for `getOrSet`, whoever ran it; else not there. */
	source?: EntrySource;
};

/** Published on `redis-cache-tui:getMany`. */
export type ManyReadTrace = CallFacts & {
	/** Which call. */
	readonly operation: 'getMany';
	/** How many were asked for. */
	readonly keys: number;
	/** How many were found. */
	hits?: number;
};

/** Published on `redis-cache-tui:set`, `:delete` and `:expire` (also for `touch`). */
export type WriteTrace = CallFacts & {
	/** Which call. */
	readonly operation: 'set' | 'delete' | 'expire' | 'touch';
	/** As the caller gave it. */
	readonly key: string;
	/** Where the change was made. */
	stored?: 'redis' | 'memory';
	/** Of `expire` and `touch`: whether there was an entry to change. */
	applied?: boolean;
};

/** Published on `redis-cache-tui:setMany`, `:deleteMany`, `:invalidateTags` and `:clear`. */
export type ManyWriteTrace = CallFacts & {
	/** Which call. */
	readonly operation: 'setMany' | 'deleteMany' | 'invalidateTags' | 'clear';
	/** Of `setMany` and `deleteMany`: how many keys. */
	readonly keys?: number;
	/** Of `invalidateTags`. */
	readonly tags?: readonly string[];
	/** Where the change was made. */
	stored?: 'redis' | 'memory';
};

/** Published on `redis-cache-tui:load`, once for each run of a loader, however many callers wait for it. */
export type LoadTrace = CallFacts & {
	/** Which call. */
	readonly operation: 'load';
	/** As the caller gave it. */
	readonly key: string;
	/** Not there when the loader failed or took too long: then there is an `error`. */
	outcome?: 'loaded' | 'absent';
};

/**
 * The context object of the tracing channels. Node.js adds `result`, what the call resolved with, or `error`, what it
 * rejected with. Keys and values are in it as they are: leave them out of what leaves the process.
 */
export type CallTrace = ReadTrace | ManyReadTrace | WriteTrace | ManyWriteTrace | LoadTrace;

/** Runs a call within something of its own, such as a span. Has to call `call` once and to return what it returns. */
export type CallWrapper = <T>(trace: CallTrace, call: () => Promise<T>) => Promise<T>;

const channel = (name: string): TracingChannel<unknown, CallTrace> => tracingChannel(`redis-cache-tui:${name}`);

/**
 * The cache's channels of `node:diagnostics_channel`: each is a `TracingChannel`, so `start`, `end`, `asyncStart`, `asyncEnd`
 * and `error` are published as `tracing:redis-cache-tui:get:start` and so on. One trace for each call that the application
 * makes: the parts of a `getMany` have none of their own. Subscribers run in the same turn; what they throw becomes an
 * uncaught exception, as Node.js has it for all its channels. Without subscribers nothing is made or published.
 *
 * @example
 * import {subscribe} from 'node:diagnostics_channel';
 *
 * subscribe('tracing:redis-cache-tui:getOrSet:asyncEnd', (message) => {
 *   const {namespace, outcome, source} = message as ReadTrace;
 *   console.log(namespace, outcome, source);
 * });
 */
const get = channel('get');
const set = channel('set');
const expire = channel('expire');
const channels: Readonly<Record<CallName, TracingChannel<unknown, CallTrace>>> = {
	get,
	getEntry: get,
	has: get,
	ttl: get,
	getOrSet: channel('getOrSet'),
	getMany: channel('getMany'),
	set,
	setMany: channel('setMany'),
	delete: channel('delete'),
	deleteMany: channel('deleteMany'),
	expire,
	touch: expire,
	invalidateTags: channel('invalidateTags'),
	clear: channel('clear'),
	load: channel('load'),
};

export const noteFound = (trace: ReadTrace, found: {readonly source: EntrySource}, stale: boolean): void => {
	trace.outcome = stale ? 'stale' : 'hit';
	trace.source = found.source;
};

export const noteLoaded = (trace: ReadTrace): void => {
	trace.outcome = 'miss';
	trace.source = 'loader';
};

/** Traces the calls of one cache: on the channels that all caches share, and through wrappers of its own. */
export class Tracing {
	#wrappers: readonly CallWrapper[] = [];
	#wrapped = false;

	/** Whether anyone would notice a call. All that tracing costs when nobody does. */
	wants(operation: CallName): boolean {
		return this.#wrapped || channels[operation].hasSubscribers;
	}

	/** `wants('get')`, without looking up a name: that would be a fifth of a hit in memory. */
	get wantsGet(): boolean {
		return this.#wrapped || get.hasSubscribers;
	}

	/** `wants('set')`, likewise. */
	get wantsSet(): boolean {
		return this.#wrapped || set.hasSubscribers;
	}

	/** @param call What it adds to the trace has to be there when it resolves. */
	run<T>(trace: CallTrace, call: () => Promise<T>): Promise<T> {
		let run = () => channels[trace.operation].tracePromise(call, trace);
		for (const wrapper of this.#wrappers) {
			const inner = run;
			run = () => wrapper(trace, inner);
		}
		return run();
	}

	/** Puts a wrapper around all calls from now on. @returns What removes it. */
	wrap(wrapper: CallWrapper): () => void {
		this.#setWrappers([...this.#wrappers, wrapper]);
		return () => this.#setWrappers(this.#wrappers.filter((other) => other !== wrapper));
	}

	#setWrappers(wrappers: readonly CallWrapper[]): void {
		this.#wrappers = wrappers;
		this.#wrapped = wrappers.length > 0;
	}
}
