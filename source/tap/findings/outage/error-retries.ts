import {WorstKeys} from '../../sketches/worst-keys.js';
import type {CommandEvent} from '../../traffic.js';

/** Errors that mean "not ready at present". */
const notReady: ReadonlySet<string> = new Set([
	'BUSY',
	'CLUSTERDOWN',
	'LOADING',
	'MASTERDOWN',
	'MISCONF',
	'NOREPLICAS',
	'OOM',
	'READONLY',
	'TRYAGAIN',
	'UNBLOCKED',
]);

/** Number of consecutive retries from which on they count: a client may retry once without a pause. */
const minInRow = 3;

const maxConnections = 10_000;

type Failed = {readonly command: string; readonly key: string | undefined; readonly at: number; readonly inRow: number};

/** Counts commands that are sent again immediately after an error that means "not ready". */
export class ErrorRetries {
	/** Milliseconds after an error within which the same command is a retry without a pause. */
	static readonly pauseMs = 20;

	readonly #failed = new Map<number, Failed>();
	readonly #errors = new WorstKeys(8);
	#count = 0;

	get count(): number {
		return this.#count;
	}

	errors(): readonly string[] {
		return this.#errors.names();
	}

	isRetry(event: CommandEvent): boolean {
		if (event.error === undefined && this.#failed.size === 0) return false;
		const last = this.#failed.get(event.connection);
		if (event.error === undefined || !notReady.has(event.error) || event.keyCount === 0) {
			if (last !== undefined) this.#failed.delete(event.connection);
			return false;
		}
		const [key] = event.keys;
		// Keys that are not followed are unknown.
		const isSame = key !== undefined && last?.command === event.command && last.key === key;
		const isAtOnce = isSame && event.startedAt >= last.at && event.startedAt - last.at <= ErrorRetries.pauseMs;
		const inRow = isAtOnce ? last.inRow + 1 : 0;
		if (last !== undefined || this.#failed.size < maxConnections)
			this.#failed.set(event.connection, {
				command: event.command,
				key,
				at: event.repliedAt ?? event.sentAt,
				inRow,
			});
		if (inRow < minInRow) return false;
		this.#count += inRow === minInRow ? minInRow : 1;
		this.#errors.add(event.error);
		return true;
	}

	forget(connection: number): void {
		this.#failed.delete(connection);
	}
}
