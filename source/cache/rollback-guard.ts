import type {Pool} from '../pool/types.js';
import {localNow} from './server-clock.js';

export type RollbackHooks = {
	/** Redis may have lost this change. */
	readonly onLostKey: (physical: string) => void;
	readonly onLostMark: (markKey: string) => void;
	/** Redis may have lost changes that are no longer remembered one by one. */
	readonly onLostMore: () => void;
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
 * be another process than before, that key tells how far back it went: all changes of ours since then are dirty again.
 */
export class RollbackGuard {
	readonly #pool: Pool;
	readonly #options: RollbackOptions;
	readonly #hooks: RollbackHooks;
	#runId: string | undefined;
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

	constructor(pool: Pool, options: RollbackOptions, hooks: RollbackHooks) {
		this.#pool = pool;
		this.#options = options;
		this.#hooks = hooks;
	}

	/** Redis has acknowledged a change of ours. */
	keyChanged(physical: string): void {
		this.#current.keys.add(physical);
		if (this.#current.keys.size >= this.#options.limit) this.#turn(localNow());
	}

	markMoved(markKey: string): void {
		this.#current.marks.add(markKey);
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

	/** To be called before Redis is read again. Rejects when Redis is away again. */
	async check(): Promise<void> {
		if (this.#pool.topology === 'cluster') return;
		const lane = this.#pool.laneOf(this.#options.beatKey);
		const info = String(await lane.send('INFO', ['server']));
		const runId = /run_id:(\w+)/.exec(info)?.[1];
		const before = this.#runId;
		this.#runId = runId;
		if (before === undefined || before === runId) return;
		const empty = Number(await lane.send('DBSIZE', [])) === 0;
		const beat = empty ? Number.POSITIVE_INFINITY : Number(await lane.send('GET', [this.#options.beatKey]));
		this.#turn(localNow());
		if (beat < this.#forgottenUntil || Number.isNaN(beat)) this.#hooks.onLostMore();
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
