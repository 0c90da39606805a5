import {scanStep} from '../../../inspect/keys/scan.js';
import type {ScanPace} from '../../../inspect/keys/scan-pace.js';
import {missingWords, type Sender} from '../../../inspect/sender.js';
import type {EventsWriter} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';

/** Milliseconds between two updates of the progress. */
const progressMs = 500;

/** The operation of a sweep on the keys that it finds. */
export type SweepAction = {
	/** `deleting user:*`, while it runs. */
	readonly doing: string;
	/** `deleted`: what was done to each of the keys. */
	readonly done: string;
	/** Processes some keys. Returns the number of changed ones. */
	readonly apply: (keys: readonly Buffer[]) => Promise<number>;
};

type Swept = {
	readonly pattern: string;
	/** Keys that were changed. */
	readonly keys: number;
	/** True if it was stopped before the whole keyspace was scanned. */
	readonly stopped: boolean;
	/** The end of a sentence that names the nodes of a cluster that did not answer. */
	readonly missing: string;
};

type SweepsOptions = {
	readonly inspector: Sender;
	readonly pace: ScanPace;
	readonly log: EventsWriter;
};

/**
 * A *sweep*: an operation on all keys that match a pattern, a few hundred at a time, with its progress in the log. Only one
 * runs at a time.
 */
export class Sweeps {
	readonly #options: SweepsOptions;
	#running: AbortController | undefined;
	#progress = '';
	/** Resolves when the latest operation has ended. Never rejects. */
	#ended: Promise<unknown> = Promise.resolve();

	constructor(options: SweepsOptions) {
		this.#options = options;
	}

	get isRunning(): boolean {
		return this.#running !== undefined;
	}

	/** The current operation, with its progress; undefined if there is none. */
	get progress(): string | undefined {
		return this.isRunning ? this.#progress : undefined;
	}

	/**
	 * Resolves when every matching key that existed at the start was processed, or the sweep was stopped. Check `isRunning`
	 * first.
	 */
	async run(pattern: string, {doing, done, apply}: SweepAction): Promise<Swept> {
		const {inspector, pace} = this.#options;
		return this.during(doing, async ({signal, report}) => {
			let cursor = '0';
			let keys = 0;
			try {
				do {
					const step = await scanStep(inspector, cursor, {pattern, pace});
					cursor = step.cursor;
					keys += await apply(step.keys);
					report(`${doing}: ${keys} keys so far`);
				} while (cursor !== '0' && !signal.aborted);
			} catch (error) {
				throw new Error(`${done} ${keys} keys of ${pattern}, then failed: ${oneLine(error)}`, {cause: error});
			}
			const stopped = cursor !== '0';
			const missing = missingWords(inspector);
			return {
				result: {pattern, keys, stopped, missing},
				text: `${done} ${keys} keys of ${pattern}${stopped ? ', then stopped' : ''}${missing}`,
			};
		});
	}

	/** Runs another long operation like a sweep: it can be stopped in the same way, and has a log line. */
	async during<Result>(
		doing: string,
		work: (run: {readonly signal: AbortSignal; readonly report: (text: string) => void}) => Promise<{
			readonly result: Result;
			/** The last state of the line in the log. */
			readonly text: string;
		}>,
	): Promise<Result> {
		const stop = new AbortController();
		let end: () => void = () => undefined;
		this.#running = stop;
		this.#ended = new Promise<void>((resolve) => {
			end = resolve;
		});
		this.#progress = doing;
		const entry = this.#options.log.open({level: 'warn', topic: 'command', text: doing});
		let updatedAt = performance.now();
		const report = (text: string) => {
			this.#progress = text;
			if (performance.now() - updatedAt < progressMs) return;
			entry.update(text);
			updatedAt = performance.now();
		};
		try {
			const {result, text} = await work({signal: stop.signal, report});
			entry.update(text, 'warn');
			return result;
		} catch (error) {
			entry.update(oneLine(error), 'error');
			throw error;
		} finally {
			this.#running = undefined;
			end();
		}
	}

	/** Returns false if no sweep is running. */
	stop(): boolean {
		this.#running?.abort();
		return this.isRunning;
	}

	/** Stops, and waits for the current step, before which its connection must not be closed. */
	async close(): Promise<void> {
		this.stop();
		await this.#ended;
	}
}
