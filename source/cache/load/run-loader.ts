import {clearTimeout, setTimeout} from '../../time/real-time.js';
import type {Loader} from '../api/call-types.js';
import {LoaderTimeoutError} from '../api/errors.js';
import {localNow} from '../clock/local-now.js';
import type {Namespace} from '../keys/namespace.js';
import type {Recorder} from '../observe/recorder.js';
import type {LoadTrace} from '../observe/trace-types.js';
import type {Tracing} from '../observe/tracing.js';
import {longestTimerMs} from '../options/duration.js';
import type {LazyAbortController} from './lazy-abort-controller.js';
import type {LoaderSlots, Turn} from './limits/loader-slots.js';
import type {LoaderResult} from './loader-result.js';

export type LoaderParts = {
	readonly recorder: Recorder;
	readonly tracing: Tracing;
	readonly slots: LoaderSlots;
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
	readonly result: LoaderResult;
	/** False if the caller already has a slot, or needs none. */
	readonly isSlotNeeded: boolean;
};

/**
 * Waits for a slot if one is needed, and runs a loader until it settles, times out, or the cache closes.
 *
 * @returns The value that the loader returns; see `LoaderResult.valueOf`.
 * @throws {LoaderTimeoutError | LoadQueueFullError} or the error that the loader throws, or the reason of the abort.
 */
export async function runLoader(parts: LoaderParts, run: LoaderRun): Promise<unknown> {
	const {slots} = parts;
	const {key, hardMs, abort, isSlotNeeded} = run;
	const turn = isSlotNeeded ? slots.enter(key) : undefined;
	const timer = setTimeout(() => abort.abort(new LoaderTimeoutError(key, hardMs)), Math.min(hardMs, longestTimerMs));
	try {
		if (turn !== undefined) await untilTurn(turn, abort);
		try {
			// If a slot is free, the loader is called in the same turn of the event loop as the call.
			return await runAndRecord(parts, run);
		} finally {
			if (isSlotNeeded) slots.leave();
		}
	} finally {
		clearTimeout(timer);
		abort.listener = undefined;
	}
}

function untilTurn({promise, cancel}: Turn, abort: LazyAbortController): Promise<void> {
	return new Promise((resolve, reject) => {
		let isOver = false;
		const finish = (settle: () => void) => {
			if (isOver) return;
			isOver = true;
			abort.listener = undefined;
			settle();
		};
		abort.listener = (reason) =>
			finish(() => {
				cancel();
				reject(reason);
			});
		void promise.then(() => finish(resolve));
	});
}

async function runAndRecord(parts: LoaderParts, run: LoaderRun): Promise<unknown> {
	const {recorder, tracing} = parts;
	const {namespace, key, result} = run;
	const startedAt = localNow();
	recorder.counters.loads++;
	try {
		const returned = await (tracing.wants('load') ? callTraced(parts, run) : callUntilAborted(run));
		recorder.loaded(namespace, key, {durationMs: localNow() - startedAt, outcome: outcomeOf(result, returned)});
		return returned;
	} catch (error) {
		recorder.loaded(namespace, key, {
			durationMs: localNow() - startedAt,
			outcome: error instanceof LoaderTimeoutError ? 'timeout' : 'failed',
			error,
		});
		throw error;
	}
}

function outcomeOf(result: LoaderResult, returned: unknown): 'loaded' | 'absent' | 'kept' {
	if (result.isKept(returned)) return 'kept';
	return returned === undefined ? 'absent' : 'loaded';
}

function callTraced({tracing, server}: LoaderParts, run: LoaderRun): Promise<unknown> {
	const trace: LoadTrace = {operation: 'load', server, namespace: run.namespace.name, key: run.key};
	return tracing.run(trace, async () => {
		const returned = await callUntilAborted(run);
		trace.outcome = outcomeOf(run.result, returned);
		return returned;
	});
}

function callUntilAborted(run: LoaderRun): Promise<unknown> {
	return new Promise((resolve, reject) => {
		run.abort.listener = reject;
		call(run).then(resolve, reject);
	});
}

/** Async, so that a synchronous exception of the loader becomes a rejection. */
async function call({loader, key, abort, result}: LoaderRun): Promise<unknown> {
	return loader({
		key,
		get signal() {
			return abort.signal;
		},
		setOptions: result.setOptions,
		get stale() {
			return result.stale;
		},
		keep: result.keep,
	});
}
