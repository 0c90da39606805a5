import {LoaderTimeoutError} from '../api/errors.js';
import type {EntryOptions} from '../api/types.js';
import type {CacheCore} from '../core.js';
import type {LoadTrace, Tracing} from '../observe/tracing.js';
import {longestTimerMs} from '../options/duration.js';
import {localNow} from '../support/server-clock.js';
import type {Flight} from './flights.js';
import type {LazyAbortController} from './lazy-abort-controller.js';
import type {LoadOrder} from './load-order.js';

/** Runs loaders until they settle or their time is up, and tells what became of them. */
export class LoaderRuns {
	readonly #core: CacheCore;
	readonly #tracing: Tracing;

	constructor(core: CacheCore, tracing: Tracing) {
		this.#core = core;
		this.#tracing = tracing;
	}

	async run(
		flight: Flight,
		order: LoadOrder,
		hardMs: number,
		setOptions: (options: EntryOptions) => void,
	): Promise<unknown> {
		const core = this.#core;
		const {ending} = flight;
		const started = localNow();
		core.counters.loads++;
		const timer = setTimeout(
			() => ending.end(new LoaderTimeoutError(order.key, hardMs)),
			Math.min(hardMs, longestTimerMs),
		);
		try {
			const load = () =>
				new Promise<unknown>((resolve, reject) => {
					ending.listener = reject;
					callLoader(order, ending, setOptions).then(resolve, reject);
				});
			const value = await (this.#tracing.wants('load') ? this.#traced(order, load) : load());
			this.#report(order, started, value === undefined ? 'absent' : 'loaded');
			return value;
		} catch (error) {
			core.counters.loadErrors++;
			this.#report(order, started, error instanceof LoaderTimeoutError ? 'timeout' : 'failed', error);
			throw error;
		} finally {
			clearTimeout(timer);
			ending.listener = undefined;
		}
	}

	#traced(order: LoadOrder, load: () => Promise<unknown>): Promise<unknown> {
		const trace: LoadTrace = {
			operation: 'load',
			server: this.#core.pool.url,
			namespace: order.space.keys.namespace,
			key: order.key,
		};
		return this.#tracing.run(trace, async () => {
			const value = await load();
			trace.outcome = value === undefined ? 'absent' : 'loaded';
			return value;
		});
	}

	#report(
		{space, key}: LoadOrder,
		started: number,
		outcome: 'loaded' | 'absent' | 'failed' | 'timeout',
		error?: unknown,
	): void {
		const {namespace} = space.keys;
		const durationMs = localNow() - started;
		this.#core.latency.load.record(durationMs);
		if (this.#core.emitter.wants('load'))
			this.#core.emitter.emit(
				'load',
				error === undefined ? {namespace, key, durationMs, outcome} : {namespace, key, durationMs, outcome, error},
			);
	}
}

/** What it throws at once becomes a rejection, too. */
async function callLoader(
	{key, loader}: LoadOrder,
	ending: LazyAbortController,
	setOptions: (options: EntryOptions) => void,
): Promise<unknown> {
	return loader({
		key,
		get signal() {
			return ending.signal;
		},
		setOptions,
	});
}
