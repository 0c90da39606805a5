import {isRefusalOfSlot} from '../../pool/commands/reply-error.js';
import {ServerError} from '../../pool/errors.js';
import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';
import type {Journal} from '../journal/journal.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health/health.js';
import {toError} from '../support/to-error.js';
import {type ReconcileParts, reconcileKey, reconcileMarker} from './reconcile-change.js';

export type ReconcilerParts = ReconcileParts & {
	readonly availability: Availability;
	readonly health: Health;
	readonly recorder: Recorder;
	/** False for a name in the journal whose node is out of use, and is not being recovered. */
	readonly mayReconcile: (name: string) => boolean;
	/** Pause after the first failure, in milliseconds; it doubles up to five seconds. */
	readonly retryMs: number;
};

/** The result of one reconciliation. */
type Round = {keys: number; kept: number; overflowed: boolean};

const maxRetryMs = 5000;
/** Keys reconciled at the same time. */
const batchSize = 256;

/**
 * Reconciles dirty keys and markers once the commands that made them dirty can no longer take effect: all of them
 * in a recovery, and in the background while Redis is in use.
 */
export class Reconciler {
	readonly #parts: ReconcilerParts;
	readonly #journal: Journal;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = 0;
	/** Local time before which nothing is tried in the background. */
	#pausedUntil = 0;
	#retryMs = 0;
	#isSuspended = false;
	/** The name that could not be reconciled last: the failure is one of its node. */
	#failedName: string | undefined;
	#isClosed = false;
	#running: Promise<void> | undefined;
	#wake: () => void = () => {};

	constructor(parts: ReconcilerParts) {
		this.#parts = parts;
		this.#journal = parts.journal;
	}

	/**
	 * Reconciles what is dirty, waiting for changes that are not final yet. While the application keeps making changes there
	 * may never be a moment without dirty keys. So each key is reconciled once, then those that became dirty meanwhile, as
	 * long as they get fewer; the rest is left to the background. Rejects when Redis fails.
	 *
	 * @param isIncluded Default: all names that can be reconciled.
	 */
	async drain(isIncluded: (name: string) => boolean = this.#parts.mayReconcile): Promise<void> {
		while (this.#running !== undefined) await this.#running.catch(() => {});
		await this.#runRound(async (round) => {
			let before = Number.POSITIVE_INFINITY;
			for (let left = this.#names(isIncluded); left.size > 0 && left.size < before; left = this.#names(isIncluded)) {
				before = left.size;
				await this.#reconcileAll(left, round);
			}
		});
	}

	/** Reconciles in the background as soon as the first change is due, and not before `afterMs` have passed. */
	schedule(afterMs = 0): void {
		const now = localNow();
		this.#isSuspended = false;
		if (afterMs > 0) this.#pausedUntil = now + afterMs;
		const waitMs = this.#journal.nextDueIn(now, this.#names());
		if (waitMs !== undefined) this.scheduleAt(now + waitMs);
	}

	/** Reconciles in the background at local time `dueAt`, when a change becomes final. */
	scheduleAt(dueAt: number): void {
		if (this.#isClosed || this.#isSuspended) return;
		const at = Math.max(dueAt, this.#pausedUntil);
		if (this.#timer !== undefined && this.#timerAt <= at) return;
		clearTimeout(this.#timer);
		this.#timerAt = at;
		this.#timer = setTimeout(() => this.#onTimer(), Math.ceil(Math.max(0, at - localNow())) + 1);
		this.#timer.unref();
	}

	/** Redis has gone out of use: nothing is done in the background until `schedule` is called. */
	suspend(): void {
		this.#isSuspended = true;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#pausedUntil = 0;
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		this.#wake();
	}

	#onTimer(): void {
		this.#timer = undefined;
		// The round that is running schedules the rest when it ends.
		if (this.#running !== undefined) return;
		this.#runRound(async (round) => {
			const refused = await this.#reconcileDue(this.#names(), round);
			if (refused !== undefined) throw refused;
		}).then(
			() => {
				if (!this.#isSuspended) this.schedule();
			},
			(error: unknown) => this.#onFailure(toError(error)),
		);
	}

	/** Names of everything dirty that can be reconciled now. @param isIncluded Default: all names that can be. */
	#names(isIncluded: (name: string) => boolean = this.#parts.mayReconcile): Set<string> {
		const markers = this.#journal.unfold(isIncluded, this.#parts.mayReconcile);
		const names = this.#journal.names(isIncluded);
		for (const name of markers) names.add(name);
		return names;
	}

	#onFailure(error: Error): void {
		const {availability, health, retryMs} = this.#parts;
		health.failure({operation: 'reconcile', error, isWrite: true, redisKey: this.#failedName});
		this.#retryMs = Math.min(Math.max(this.#retryMs * 2, retryMs), maxRetryMs);
		if (availability.isConnected) this.schedule(this.#retryMs);
	}

	async #runRound(work: (round: Round) => Promise<void>): Promise<void> {
		const started = localNow();
		const round: Round = {keys: 0, kept: 0, overflowed: false};
		this.#running = work(round).finally(() => {
			this.#running = undefined;
		});
		await this.#running;
		if (round.keys === 0 && !round.overflowed) return;
		this.#retryMs = 0;
		this.#parts.recorder.events.emit('reconcile', {...round, durationMs: localNow() - started});
	}

	/**
	 * Reconciles all of these names, each once. A name that has left the journal meanwhile is skipped: its namespace has
	 * overflowed, and is one name of the next pass.
	 */
	async #reconcileAll(left: Set<string>, round: Round): Promise<void> {
		while (!this.#isClosed) {
			const waitMs = this.#journal.nextDueIn(localNow(), left);
			if (waitMs === undefined) return;
			if (waitMs > 0) await this.#sleep(Math.ceil(waitMs));
			else await this.#reconcileDue(left, round);
		}
	}

	/**
	 * Reconciles the names that are due, each once.
	 *
	 * @returns An error if this user may not touch some of them, or their slot is being moved to another node of the cluster. They
	 * stay dirty, and do not hold up the others.
	 */
	async #reconcileDue(left: Set<string>, round: Round): Promise<ServerError | undefined> {
		let refused: ServerError | undefined;
		while (!this.#isClosed) {
			const due = this.#journal.due(localNow(), batchSize, left);
			if (due.keys.length === 0 && due.markers.length === 0) break;
			const results = await Promise.all([
				...due.keys.map(([redisKey, change]) => reconcileKey(this.#parts, redisKey, change)),
				...due.markers.map(([markerKey, change]) => reconcileMarker(this.#parts, markerKey, change)),
			]);
			round.keys += due.keys.length;
			round.overflowed ||= due.markers.length > 0;
			for (const [index, result] of results.entries()) {
				if (result === 'kept') round.kept++;
				else if (isRefusalOfSlot(result) || (result instanceof ServerError && result.kind === 'denied'))
					refused = result;
				else if (result instanceof Error) {
					this.#failedName = [...due.keys, ...due.markers][index]?.[0];
					throw result;
				}
			}
			for (const [name] of [...due.keys, ...due.markers]) left.delete(name);
		}
		return refused;
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
}
