import {type TracingChannel, tracingChannel} from 'node:diagnostics_channel';
import type {CallName, CallTrace} from './trace-types.js';

/** Wraps a call, for instance in a span. Must call `call` once and return its result. */
export type CallWrapper = <T>(trace: CallTrace, call: () => Promise<T>) => Promise<T>;

const channel = (name: string): TracingChannel<unknown, CallTrace> => tracingChannel(`redis-cache-tui:${name}`);

/**
 * The cache's channels of `node:diagnostics_channel`: each is a `TracingChannel`, so `start`, `end`, `asyncStart`, `asyncEnd`
 * and `error` are published as `tracing:redis-cache-tui:get:start` and so on. One trace for each call of the application; the
 * parts of a `getMany` have no separate traces. Subscribers run synchronously; their exceptions become uncaught exceptions, as
 * with all channels of Node.js. Without subscribers nothing is created or published.
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
	getOrSetMany: channel('getOrSetMany'),
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

/** Traces the calls of one cache: on the channels that all caches share, and through wrappers of its own. */
export class Tracing {
	#wrappers: readonly CallWrapper[] = [];
	#isWrapped = false;

	/** True if there are listeners. Without them, tracing costs only this check. */
	wants(operation: CallName): boolean {
		return this.#isWrapped || channels[operation].hasSubscribers;
	}

	/** `wants('get')` without the lookup by name, which would take a fifth of the time of a memory hit. */
	get wantsGet(): boolean {
		return this.#isWrapped || get.hasSubscribers;
	}

	/** `wants('set')` without the lookup by name. */
	get wantsSet(): boolean {
		return this.#isWrapped || set.hasSubscribers;
	}

	/** @param call Adds its results to the trace before it resolves. */
	run<T>(trace: CallTrace, call: () => Promise<T>): Promise<T> {
		let run = () => channels[trace.operation].tracePromise(call, trace);
		for (const wrapper of this.#wrappers) {
			const inner = run;
			run = () => wrapper(trace, inner);
		}
		return run();
	}

	/** Puts a wrapper around all calls from now on. @returns A function that removes it. */
	wrap(wrapper: CallWrapper): () => void {
		this.#setWrappers([...this.#wrappers, wrapper]);
		return () => this.#setWrappers(this.#wrappers.filter((other) => other !== wrapper));
	}

	#setWrappers(wrappers: readonly CallWrapper[]): void {
		this.#wrappers = wrappers;
		this.#isWrapped = wrappers.length > 0;
	}
}
