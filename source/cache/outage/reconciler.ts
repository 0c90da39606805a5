import {ServerError} from '../../pool/errors.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {deleteScript, markScript, reconcileScript} from '../scripts/scripts.js';
import {localNow, type ServerClock} from '../support/server-clock.js';
import {markLifeMs} from '../tags/invalidation-times.js';
import type {DirtyChange, Journal} from './journal.js';

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

/** What was reconciled without a break. */
type Round = {keys: number; kept: number; overflowed: boolean};

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
	#timerAt = 0;
	/** Local time before which nothing is tried in the background. */
	#pausedUntil = 0;
	#suspended = false;
	#running: Promise<void> | undefined;
	#closed = false;
	#wake: () => void = () => {};

	constructor(journal: Journal, runner: ScriptRunner, clock: ServerClock, hooks: ReconcilerHooks) {
		this.#journal = journal;
		this.#runner = runner;
		this.#clock = clock;
		this.#hooks = hooks;
	}

	/**
	 * Reconciles what is dirty, and waits for what is not settled yet. While changes go on being made there may be no moment
	 * without any dirty one: so each is reconciled once, then those that have come meanwhile, as long as these get fewer; the
	 * rest is left to the background. Rejects when Redis fails.
	 */
	async drain(): Promise<void> {
		await this.#running?.catch(() => {});
		await this.#alone(async (round) => {
			let before = Number.POSITIVE_INFINITY;
			for (let left = this.#journal.names(); left.size > 0 && left.size < before; left = this.#journal.names()) {
				before = left.size;
				await this.#drain(left, round);
			}
		});
	}

	/** Reconciles in the background as soon as the first change is settled, and not before `afterMs` have passed. */
	schedule(afterMs = 0): void {
		const now = localNow();
		this.#suspended = false;
		if (afterMs > 0) this.#pausedUntil = now + afterMs;
		const waitMs = this.#journal.nextIn(now);
		if (waitMs !== undefined) this.noted(now + waitMs);
	}

	/** To be reconciled in the background once it is settled. */
	noted(settledAt: number): void {
		if (this.#closed || this.#suspended) return;
		const at = Math.max(settledAt, this.#pausedUntil);
		if (this.#timer !== undefined && this.#timerAt <= at) return;
		clearTimeout(this.#timer);
		this.#timerAt = at;
		this.#timer = setTimeout(() => this.#onTimer(), Math.ceil(Math.max(0, at - localNow())) + 1);
		this.#timer.unref();
	}

	/** Nothing more in the background until `schedule`: Redis is out of use. */
	suspend(): void {
		this.#suspended = true;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#pausedUntil = 0;
	}

	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#wake();
	}

	#onTimer(): void {
		this.#timer = undefined;
		// Whatever is running sees to the rest when it ends.
		if (this.#running !== undefined) return;
		this.#alone(async (round) => {
			const refused = await this.#reconcile(round, this.#journal.names());
			if (refused !== undefined) throw refused;
		}).then(
			() => {
				if (!this.#suspended) this.schedule();
			},
			(error: unknown) => this.#hooks.onFailure(error instanceof Error ? error : new Error(String(error))),
		);
	}

	async #alone(work: (round: Round) => Promise<void>): Promise<void> {
		const started = localNow();
		const round: Round = {keys: 0, kept: 0, overflowed: false};
		this.#running = work(round).finally(() => {
			this.#running = undefined;
		});
		await this.#running;
		if (round.keys > 0 || round.overflowed) this.#hooks.onRound({...round, durationMs: localNow() - started});
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

	/** Those that the mark of their namespace has taken the place of meanwhile are for the next round: it is one where they were many. */
	async #drain(left: Set<string>, round: Round): Promise<void> {
		while (!this.#closed) {
			const waitMs = this.#journal.nextIn(localNow(), left);
			if (waitMs === undefined) return;
			if (waitMs > 0) await this.#sleep(Math.ceil(waitMs));
			else await this.#reconcile(round, left);
		}
	}

	/**
	 * Reconciles what is settled of these names, each of them once.
	 *
	 * @returns Why some of them stay dirty: this user may not touch them. That must not hold up all others.
	 */
	async #reconcile(round: Round, left: Set<string>): Promise<ServerError | undefined> {
		let refused: ServerError | undefined;
		while (!this.#closed) {
			const due = this.#journal.settled(localNow(), batchSize, left);
			if (due.keys.length === 0 && due.marks.length === 0) break;
			const results = await Promise.all([
				...due.keys.map(([key, change]) => this.#key(key, change)),
				...due.marks.map(([mark, change]) => this.#mark(mark, change)),
			]);
			round.keys += due.keys.length;
			round.overflowed ||= due.marks.length > 0;
			for (const result of results) {
				if (result === 'kept') round.kept++;
				else if (result instanceof ServerError && result.kind === 'denied') refused = result;
				else if (result instanceof Error) throw result;
			}
			for (const [name] of [...due.keys, ...due.marks]) left.delete(name);
		}
		return refused;
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
