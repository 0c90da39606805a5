import {NotConnectedError, ServerError} from '../../pool/errors.js';
import {dataSetOf} from '../../pool/subscribers/data-set.js';
import type {Lane, Pool} from '../../pool/types.js';
import {localNow} from '../support/server-clock.js';

export type RollbackHooks = {
	/** Redis may have lost this change. */
	readonly onLostKey: (physical: string) => void;
	readonly onLostMark: (markKey: string) => void;
	/** Redis may have lost changes that are no longer remembered one by one. */
	readonly onLostMore: () => void;
	/** This server does not let us look: it is not guarded against. */
	readonly onUnguarded: (error: Error) => void;
};

export type RollbackOptions = {
	/** A key of this cache alone. */
	readonly beatKey: string;
	/** Changes remembered; older ones are remembered together. */
	readonly limit: number;
};

const beatLifeMs = 86_400_000;

/**
 * Notices that Redis has gone back in time: restarted from a dump, or replaced by a replica that lagged behind. Changes
 * that it had acknowledged are then gone, and deleted values are back.
 *
 * While this cache changes things, it writes the time under a key of its own once a second. When the server turns out to
 * be another process than before, or to have taken over another's data, that key tells how far back it went: all changes of ours since then are dirty again.
 */
export class RollbackDetector {
	readonly #pool: Pool;
	readonly #options: RollbackOptions;
	readonly #hooks: RollbackHooks;
	/** The data set that the lanes led to when they were last checked. */
	#known: string | undefined;
	#current = newStretch();
	readonly #past: {
		readonly endedAt: number;
		readonly keys: ReadonlySet<string>;
		readonly marks: ReadonlySet<string>;
	}[] = [];
	#remembered = 0;
	/** Changes up to this local time are no longer remembered one by one; 0: all are. */
	#forgottenUntil = 0;
	#beating = false;
	#guarding = true;

	constructor(pool: Pool, options: RollbackOptions, hooks: RollbackHooks) {
		this.#pool = pool;
		this.#options = options;
		this.#hooks = hooks;
	}

	/** Where it notes how far Redis has come. Lives for a day after the cache. */
	get beatKey(): string {
		return this.#options.beatKey;
	}

	/** Redis has acknowledged a change of ours. */
	keyChanged(physical: string): void {
		this.#current.keys.add(physical);
		if (this.#current.keys.size >= this.#options.limit) this.#turn(localNow());
	}

	markMoved(markKey: string): void {
		this.#current.marks.add(markKey);
		if (this.#current.marks.size >= this.#options.limit) this.#turn(localNow());
	}

	/** To be called about once a second while connected. Writes nothing unless something was changed since the last time. */
	async beat(): Promise<void> {
		if (
			this.#beating ||
			this.#pool.topology === 'cluster' ||
			(this.#current.keys.size === 0 && this.#current.marks.size === 0)
		)
			return;
		this.#beating = true;
		const now = localNow();
		this.#turn(now);
		try {
			await this.#pool
				.laneOf(this.#options.beatKey)
				.send('SET', [this.#options.beatKey, String(now), 'PX', beatLifeMs]);
		} catch {
			// Without this beat, the one before it counts.
		} finally {
			this.#beating = false;
		}
	}

	/** To be called before Redis is read again. Rejects when Redis is away again; then nothing has been forgotten. */
	async check(): Promise<void> {
		if (this.#pool.topology === 'cluster' || !this.#guarding) return;
		try {
			await this.#check();
		} catch (error) {
			if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
			this.#guarding = false;
			this.#hooks.onUnguarded(error);
		}
	}

	/** Whether it is the data set that was checked. @param id `undefined`: that is not known. */
	isSame(id: string | undefined): boolean {
		return !this.#guarding || this.#known === undefined || id === undefined || id === this.#known;
	}

	/**
	 * Whether a lane leads to the data set that was checked. Behind an address that moves, lanes may change over one by one.
	 * Rejects when it does not say so.
	 */
	async isKnown(lane: Lane): Promise<boolean> {
		if (this.#pool.topology === 'cluster' || !this.#guarding || this.#known === undefined) return true;
		try {
			return this.isSame(await this.#identity(lane));
		} catch (error) {
			// Who may not look now may not look the next time.
			if (error instanceof ServerError && error.kind !== 'unavailable') return true;
			throw error;
		}
	}

	async #check(): Promise<void> {
		const {lanes} = this.#pool;
		const ids = await Promise.all(lanes.map((lane) => this.#identity(lane)));
		const next = ids.find((id) => id !== this.#known) ?? ids[0];
		const others = lanes.filter((_lane, index) => ids[index] !== next);
		if (others.length > 0) {
			// What is reconciled on one of two servers is not on the other: the rest has to follow first.
			for (const lane of others) lane.reset('another lane leads to another Redis');
			throw new NotConnectedError('Lanes lead to different Redis servers: connecting again');
		}
		if (this.#known !== undefined && next !== this.#known) {
			const lane = this.#pool.laneOf(this.#options.beatKey);
			const isEmpty = Number(await lane.send('DBSIZE', [])) === 0;
			const beat = isEmpty ? Number.POSITIVE_INFINITY : Number(await lane.send('GET', [this.#options.beatKey]));
			this.#handOver(Number.isNaN(beat) ? 0 : beat);
		}
		// Only now: a check that did not get this far is made again.
		this.#known = next;
	}

	#identity(lane: Lane): Promise<string> {
		return dataSetOf((command, args) => lane.send(command, args));
	}

	/** Gives up to the journal what Redis may have lost. */
	#handOver(beat: number): void {
		this.#turn(localNow());
		if (beat < this.#forgottenUntil) this.#hooks.onLostMore();
		for (const {endedAt, keys, marks} of this.#past) {
			if (endedAt <= beat) continue;
			for (const physical of keys) this.#hooks.onLostKey(physical);
			for (const markKey of marks) this.#hooks.onLostMark(markKey);
		}
		this.#past.length = 0;
		this.#remembered = 0;
		this.#forgottenUntil = 0;
	}

	#turn(now: number): void {
		const {keys, marks} = this.#current;
		if (keys.size === 0 && marks.size === 0) return;
		this.#past.push({endedAt: now, keys, marks});
		this.#remembered += keys.size + marks.size;
		this.#current = newStretch();
		while (this.#remembered > this.#options.limit * 2 && this.#past.length > 1) {
			const oldest = this.#past.shift();
			if (oldest === undefined) break;
			this.#remembered -= oldest.keys.size + oldest.marks.size;
			this.#forgottenUntil = oldest.endedAt;
		}
	}
}

function newStretch(): {readonly keys: Set<string>; readonly marks: Set<string>} {
	return {keys: new Set(), marks: new Set()};
}
