import {printKey} from '../../inspect/escape-bytes.js';
import {scanStep} from '../../inspect/keys/scan.js';
import type {ScanPace} from '../../inspect/keys/scan-pace.js';
import type {Sender} from '../../inspect/sender.js';
import type {EventsWriter} from '../log/events-log.js';
import {oneLine} from '../one-line.js';

/** Milliseconds between two updates of the progress. */
const progressMs = 500;

type Swept = {
	readonly pattern: string;
	readonly deleted: number;
	/** True if it was stopped before the whole keyspace was scanned. */
	readonly stopped: boolean;
};

type SweepsOptions = {
	readonly inspector: Sender;
	readonly pace: ScanPace;
	/** Deletes keys, printable as `printKey` writes them. Returns how many. */
	readonly deleteKeys: (keys: readonly string[]) => Promise<number>;
	readonly log: EventsWriter;
};

/** Deletes all keys of a pattern, a few hundred at a time, with the progress in the log. One sweep at a time. */
export class Sweeps {
	readonly #options: SweepsOptions;
	#running: AbortController | undefined;

	constructor(options: SweepsOptions) {
		this.#options = options;
	}

	get isRunning(): boolean {
		return this.#running !== undefined;
	}

	/**
	 * Resolves when every matching key that was there at the start is deleted, or the sweep is stopped. Check `isRunning`
	 * first.
	 */
	async run(pattern: string): Promise<Swept> {
		const {inspector, pace, deleteKeys, log} = this.#options;
		const stop = new AbortController();
		this.#running = stop;
		const entry = log.open({level: 'warn', topic: 'command', text: `deleting ${pattern}`});
		let deleted = 0;
		try {
			let cursor = '0';
			let updatedAt = performance.now();
			do {
				const step = await scanStep(inspector, cursor, {pattern, pace});
				cursor = step.cursor;
				deleted += await deleteKeys(step.keys.map(printKey));
				if (performance.now() - updatedAt >= progressMs) {
					entry.update(`deleting ${pattern}: ${deleted} keys so far`);
					updatedAt = performance.now();
				}
			} while (cursor !== '0' && !stop.signal.aborted);
			const stopped = cursor !== '0';
			entry.update(`deleted ${deleted} keys of ${pattern}${stopped ? ', then stopped' : ''}`, 'warn');
			return {pattern, deleted, stopped};
		} catch (error) {
			entry.update(`deleted ${deleted} keys of ${pattern}, then failed: ${oneLine(error)}`, 'error');
			throw error;
		} finally {
			this.#running = undefined;
		}
	}

	/** Returns false if no sweep is running. */
	stop(): boolean {
		this.#running?.abort();
		return this.isRunning;
	}
}
