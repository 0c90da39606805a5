import {printKey} from '../inspect/escape-bytes.js';
import {scanStep} from '../inspect/scan.js';
import {deleteKeys} from './delete-keys.js';
import type {EventsWriter} from './events-log.js';
import {oneLine} from './one-line.js';
import type {Session} from './session.js';

/** Milliseconds between two lines of progress. */
const progressMs = 500;

export type Swept = {
	readonly pattern: string;
	readonly deleted: number;
	/** Whether all of the keyspace was gone through, or someone stopped it. */
	readonly stopped: boolean;
};

/** Deletes all keys of a pattern, a few hundred at a time, with its progress in the log. One at a time. */
export class Sweeps {
	readonly #session: Session;
	readonly #log: EventsWriter;
	#running: AbortController | undefined;

	constructor(session: Session, log: EventsWriter) {
		this.#session = session;
		this.#log = log;
	}

	get running(): boolean {
		return this.#running !== undefined;
	}

	/** Resolves when every key that was there at the start is gone. One at a time: ask `running` first. */
	async run(pattern: string): Promise<Swept> {
		const stop = new AbortController();
		this.#running = stop;
		const entry = this.#log.open({level: 'warn', topic: 'command', text: `deleting ${pattern}`});
		let deleted = 0;
		try {
			let cursor = '0';
			let toldAt = performance.now();
			do {
				const step = await scanStep(this.#session.inspector, cursor, {pattern});
				cursor = step.cursor;
				deleted += await deleteKeys(this.#session, step.keys.map(printKey));
				if (performance.now() - toldAt >= progressMs) {
					entry.update(`deleting ${pattern}: ${deleted} keys so far`);
					toldAt = performance.now();
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

	/** @returns whether one was running. */
	stop(): boolean {
		this.#running?.abort();
		return this.running;
	}
}
