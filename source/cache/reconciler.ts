import {ServerError} from '../pool/errors.js';
import type {DirtyChange, Journal} from './journal.js';
import {markLifeMs} from './marks.js';
import type {ScriptRunner} from './script-runner.js';
import {deleteScript, markScript, reconcileScript} from './scripts.js';
import {localNow, type ServerClock} from './server-clock.js';

export type ReconcilerHooks = {
	/** The key is as it should be in Redis: what memory has of it is no longer the only truth. */
	readonly onKey: (physical: string) => void;
	/** `undefined`: the mark is gone, which makes every entry under it a miss. */
	readonly onMark: (markKey: string, value: number | undefined) => void;
	readonly onRound: (round: {
		readonly keys: number;
		readonly kept: number;
		readonly overflowed: boolean;
		readonly durationMs: number;
	}) => void;
	/** A change could not be reconciled. */
	readonly onFailure: (error: Error) => void;
};

const batchSize = 256;

/**
 * Brings dirty keys and marks back in step with Redis, once the commands that made them dirty can no longer take effect.
 * Keys are deleted unless something newer is there; marks are moved to now. Both are safe to do twice.
 */
export class Reconciler {
	readonly #journal: Journal;
	readonly #runner: ScriptRunner;
	readonly #clock: ServerClock;
	readonly #hooks: ReconcilerHooks;
	#timer: NodeJS.Timeout | undefined;
	#running: Promise<void> | undefined;
	#closed = false;
	#wake: () => void = () => {};

	constructor(journal: Journal, runner: ScriptRunner, clock: ServerClock, hooks: ReconcilerHooks) {
		this.#journal = journal;
		this.#runner = runner;
		this.#clock = clock;
		this.#hooks = hooks;
	}

	/** Reconciles all that is settled now or will be within the deadline. Rejects when Redis fails meanwhile. */
	async drain(): Promise<void> {
		await this.#running?.catch(() => {});
		this.#running = this.#drain().finally(() => {
			this.#running = undefined;
		});
		await this.#running;
	}

	/** Reconciles in the background as soon as the first change is settled, and not before `afterMs` have passed. */
	schedule(afterMs = 0): void {
		if (this.#closed || this.#timer !== undefined) return;
		const waitMs = this.#journal.nextIn(localNow());
		if (waitMs === undefined) return;
		this.#timer = setTimeout(
			() => {
				this.#timer = undefined;
				if (this.#running !== undefined) return;
				this.drain().catch((error: unknown) =>
					this.#hooks.onFailure(error instanceof Error ? error : new Error(String(error))),
				);
			},
			Math.ceil(Math.max(waitMs, afterMs)) + 1,
		);
		this.#timer.unref();
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#wake();
	}

	#sleep(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	async #drain(): Promise<void> {
		const started = localNow();
		let keys = 0;
		let kept = 0;
		let overflowed = false;
		while (!this.#closed) {
			const waitMs = this.#journal.nextIn(localNow());
			if (waitMs === undefined) break;
			if (waitMs > 0) {
				await this.#sleep(Math.ceil(waitMs));
				continue;
			}
			const due = this.#journal.settled(localNow(), batchSize);
			const results = await Promise.all([
				...due.keys.map(([key, change]) => this.#key(key, change)),
				...due.marks.map(([mark, change]) => this.#mark(mark, change)),
			]);
			keys += due.keys.length;
			overflowed ||= due.marks.length > 0;
			for (const result of results) {
				if (result === 'kept') kept++;
				else if (result instanceof Error) throw result;
			}
		}
		if (keys > 0 || overflowed) this.#hooks.onRound({keys, kept, overflowed, durationMs: localNow() - started});
	}

	async #key(key: string, change: DirtyChange): Promise<'deleted' | 'kept' | Error> {
		// The server's clock may have been found to be ahead of what it was taken for when the change was noted.
		const asOf = Math.max(change.asOf, this.#clock.notBefore(change.settledAt));
		const outcome = await this.#runner.run(reconcileScript, key, [asOf], true);
		if (!outcome.done)
			return (
				outcome.error ??
				new ServerError('unavailable', 'LATE', `reconciling ${JSON.stringify(key)} reached Redis too late`)
			);
		if (this.#journal.done('key', key, change)) this.#hooks.onKey(key);
		return outcome.reply === 2 ? 'kept' : 'deleted';
	}

	async #mark(markKey: string, change: DirtyChange): Promise<'moved' | Error> {
		let outcome = await this.#runner.run(markScript, markKey, [markLifeMs, '0'], true);
		const isFull = !outcome.done && outcome.error instanceof ServerError && outcome.error.kind === 'full';
		// A full Redis still deletes, and a missing mark does as well as a new one.
		if (isFull) outcome = await this.#runner.run(deleteScript, markKey, [], true);
		if (!outcome.done)
			return (
				outcome.error ??
				new ServerError('unavailable', 'LATE', `moving the mark ${JSON.stringify(markKey)} reached Redis too late`)
			);
		if (this.#journal.done('mark', markKey, change)) this.#hooks.onMark(markKey, isFull ? undefined : outcome.reply);
		return 'moved';
	}
}
