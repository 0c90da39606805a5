import {Worker} from 'node:worker_threads';
import {type Lateness, LatenessHistogram} from './lateness.js';

/**
 * Measures how late this machine fires timers, in a separate thread: on the cache's own event loop, a cache that blocks it
 * would seem to be delayed by the machine.
 */
export class EventLoopLagMonitor {
	readonly #histogram = new LatenessHistogram();
	readonly #worker: Worker;

	constructor() {
		this.#worker = new Worker(new URL('./event-loop-lag-worker.js', import.meta.url), {
			workerData: this.#histogram.memory,
			name: 'event-loop-lag',
		});
		// A drill continues without it; then no lateness is tolerated.
		this.#worker.on('error', () => {});
		this.#worker.unref();
	}

	/** Since the monitor was created. */
	lateness(): Lateness {
		return this.#histogram.quantiles();
	}

	/** Number of measurements. */
	samples(): number {
		return this.#histogram.samples;
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
	}
}
