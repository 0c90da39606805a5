import {clearTimeout, setTimeout} from '../../time/real-time.js';
import type {EntryOptions, Loader} from '../api/call-types.js';
import {LoaderTimeoutError} from '../api/errors.js';
import {localNow} from '../clock/local-now.js';
import type {Namespace} from '../keys/namespace.js';
import type {Recorder} from '../observe/recorder.js';
import type {LoadTrace} from '../observe/trace-types.js';
import type {Tracing} from '../observe/tracing.js';
import {longestTimerMs} from '../options/duration.js';
import type {LazyAbortController} from './lazy-abort-controller.js';

export type LoaderParts = {
	readonly recorder: Recorder;
	readonly tracing: Tracing;
	/** URL of Redis, without credentials. */
	readonly server: string;
};

export type LoaderRun = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly loader: Loader<unknown>;
	/** Milliseconds after which the load is aborted. */
	readonly hardMs: number;
	readonly abort: LazyAbortController;
	readonly setOptions: (options: EntryOptions) => void;
};

/**
 * Runs a loader until it settles, its time is up, or the cache closes.
 *
 * @throws {LoaderTimeoutError} or what the loader throws, or the reason of the abort.
 */
export async function runLoader(parts: LoaderParts, run: LoaderRun): Promise<unknown> {
	const {recorder, tracing} = parts;
	const {namespace, key, hardMs, abort} = run;
	const startedAt = localNow();
	recorder.counters.loads++;
	const timer = setTimeout(() => abort.abort(new LoaderTimeoutError(key, hardMs)), Math.min(hardMs, longestTimerMs));
	try {
		const value = await (tracing.wants('load') ? callTraced(parts, run) : callUntilAborted(run));
		recorder.loaded(namespace, key, {
			durationMs: localNow() - startedAt,
			outcome: value === undefined ? 'absent' : 'loaded',
		});
		return value;
	} catch (error) {
		recorder.loaded(namespace, key, {
			durationMs: localNow() - startedAt,
			outcome: error instanceof LoaderTimeoutError ? 'timeout' : 'failed',
			error,
		});
		throw error;
	} finally {
		clearTimeout(timer);
		abort.listener = undefined;
	}
}

function callTraced({tracing, server}: LoaderParts, run: LoaderRun): Promise<unknown> {
	const trace: LoadTrace = {operation: 'load', server, namespace: run.namespace.name, key: run.key};
	return tracing.run(trace, async () => {
		const value = await callUntilAborted(run);
		trace.outcome = value === undefined ? 'absent' : 'loaded';
		return value;
	});
}

function callUntilAborted(run: LoaderRun): Promise<unknown> {
	return new Promise((resolve, reject) => {
		run.abort.listener = reject;
		call(run).then(resolve, reject);
	});
}

/** Async, so that what the loader throws synchronously is a rejection, too. */
async function call({loader, key, abort, setOptions}: LoaderRun): Promise<unknown> {
	return loader({
		key,
		get signal() {
			return abort.signal;
		},
		setOptions,
	});
}
