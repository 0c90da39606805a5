import {Worker} from 'node:worker_threads';
import {type Lateness, LatenessCounts} from './lateness.js';

export type {Lateness};

/**
 * Measures how late this machine runs what is due, in a thread of its own. The event loop of the cache cannot be asked: one
 * that the cache itself holds up would be its own excuse.
 */
export class EventLoopLagMonitor {
	readonly #counts = new LatenessCounts();
	readonly #worker: Worker;

	constructor() {
		this.#worker = new Worker(new URL('./event-loop-lag-worker.js', import.meta.url), {
			workerData: this.#counts.memory,
			name: 'machine-watch',
		});
		// Without it a drill goes on; nothing is excused then.
		this.#worker.on('error', () => {});
		this.#worker.unref();
	}

	/** Since it was started. */
	lateness(): Lateness {
		return this.#counts.quantiles();
	}

	/** How often it was measured. */
	samples(): number {
		return this.#counts.samples;
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
	}
}
