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

/** The totals of one round of reconciliations. */
type Round = {keys: number; kept: number; overflowed: boolean};

const maxRetryMs = 5000;
/** Keys reconciled at the same time. */
const batchSize = 256;

/**
 * Reconciles dirty keys and markers once the commands that made them dirty can no longer take effect: during a recovery, and in
 * the background while Redis is in use.
 */
export class Reconciler {
	readonly #parts: ReconcilerParts;
	readonly #journal: Journal;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = 0;
	/** Local time until which the background work pauses. */
	#pausedUntil = 0;
	#retryMs = 0;
	#isSuspended = false;
	/** The name whose reconciliation failed last: the failure counts for its node. */
	#failedName: string | undefined;
	#isClosed = false;
	#running: Promise<void> | undefined;
	#wake: () => void = () => {};

	constructor(parts: ReconcilerParts) {
		this.#parts = parts;
		this.#journal = parts.journal;
	}

	/**
	 * Reconciles all dirty names, waiting for changes that are not final yet. As the application goes on making changes, there
	 * may always be dirty keys. So each name is reconciled once, then those that became dirty meanwhile, as long as their
	 * number falls; the rest is reconciled in the background. Rejects if Redis fails.
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

	/** Redis is out of use: stops the background work until `schedule` is called. */
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
		// A running round schedules the next one when it ends.
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

	/** All dirty names that can be reconciled now. @param isIncluded Default: all names. */
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
	 * Reconciles each of these names once. A name that has left the journal meanwhile is skipped: its namespace has overflowed,
	 * and is in the next pass.
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
	 * Reconciles each of the due names once.
	 *
	 * @returns An error if the user has no right to some of them, or their slot is being migrated. Those names stay dirty, and
	 * do not delay the others.
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
