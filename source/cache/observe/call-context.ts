import {AsyncResource} from 'node:async_hooks';

/** Runs a function in the asynchronous context of a call: with the stores that its AsyncLocalStorages had there. */
export type CallContext = <Args extends unknown[], R>(work: (...args: Args) => R, ...args: Args) => R;

/**
 * Reads of many callers share a command, and its reply arrives in the context of the first: each has to be given its own back.
 *
 * `AsyncLocalStorage.snapshot` does the same, and takes a hundred times as long on Node 20.
 */
export function callContext(): CallContext {
	const resource = new AsyncResource('RedisCacheCall');
	return (work, ...args) => resource.runInAsyncScope(work, undefined, ...args);
}
