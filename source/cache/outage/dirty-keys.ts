import {InvalidArgumentError, OverloadError} from '../../pool/errors.js';
import type {KeyBuilder} from '../keys/key-builder.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Settings} from '../options/settle-options.js';
import {localNow, type ServerClock} from '../support/server-clock.js';
import {Journal} from './journal.js';
import {JournalFile} from './journal-file.js';
import type {SafetySwitches} from './safety-switches.js';

export type DirtyKeysHooks = {
	/** Something is to be reconciled, from then on. */
	readonly onNoted: (settledAt: number) => void;
	/** A namespace is to be invalidated as a whole. */
	readonly onOverflow: () => void;
	readonly onProblem: (error: Error) => void;
};

/** Notes what this process changed and Redis may not know of, in the journal. */
export class DirtyKeys {
	readonly journal: Journal;
	readonly #clock: ServerClock;
	readonly #names: KeyParser;
	readonly #hooks: DirtyKeysHooks;
	readonly #isOn: boolean;
	readonly #limit: number;

	/** @throws {InvalidArgumentError} the journal's file cannot be opened. */
	constructor(
		settings: Settings,
		clock: ServerClock,
		names: KeyParser,
		mechanisms: SafetySwitches,
		hooks: DirtyKeysHooks,
	) {
		this.#clock = clock;
		this.#names = names;
		this.#hooks = hooks;
		this.#isOn = mechanisms.dirtyKeys;
		const {path, maxKeys} = settings.journal;
		this.#limit = maxKeys;
		const file = path === undefined ? undefined : new JournalFile(path);
		this.journal = new Journal(maxKeys, file, (error) => this.#onFileFailure(error));
		// The clock of the process that wrote it may have been ahead of ours.
		const latest = localNow() + settings.deadlineMs;
		for (const {kind, name, change: noted} of file?.left ?? []) {
			const change = {...noted, settledAt: Math.min(noted.settledAt, latest)};
			const {markKey, entryPrefix} = names.spaceOf(name);
			if (kind === 'mark') this.journal.addMark(name, markKey, entryPrefix, change);
			else this.journal.addKey(name, markKey, entryPrefix, change);
		}
	}

	/** Whether what Redis has of a key is not known, and is to be removed before it is read. */
	has(physical: string, markKey: string): boolean {
		const {journal} = this;
		return journal.size > 0 && this.#isOn && (journal.hasKey(physical) || journal.hasMark(markKey));
	}

	/** @param settledAt Local time at which the change can no longer take effect. */
	noteKey(
		physical: string,
		settledAt: number,
		{markKey, entryPrefix}: KeyBuilder = this.#names.spaceOf(physical),
	): void {
		if (!this.#isOn) return;
		const before = this.journal.overflowed;
		const asOf = this.#clock.notBefore(Math.max(localNow(), settledAt));
		this.journal.addKey(physical, markKey, entryPrefix, {asOf, settledAt});
		this.#noted(before, settledAt);
	}

	/** @param settledAt As for keys. */
	noteMark(mark: string, settledAt: number): void {
		if (!this.#isOn) return;
		const before = this.journal.overflowed;
		const asOf = this.#clock.notBefore(Math.max(localNow(), settledAt));
		const {markKey, entryPrefix} = this.#names.spaceOf(mark);
		this.journal.addMark(mark, markKey, entryPrefix, {asOf, settledAt});
		this.#noted(before, settledAt);
	}

	/** Redis has gone out of use: what waited for its turn was let go, so nothing takes effect later than what has been sent. */
	settleSoon(withinMs: number): void {
		const settledAt = localNow() + withinMs;
		this.journal.settleBy(settledAt, this.#clock.notBefore(settledAt));
	}

	#noted(overflowedBefore: number, settledAt: number): void {
		if (this.journal.overflowed === overflowedBefore) {
			this.#hooks.onNoted(settledAt);
			return;
		}
		this.#hooks.onProblem(
			new OverloadError(`the journal is full (${this.#limit} keys): its namespace will be invalidated as a whole`),
		);
		this.#hooks.onOverflow();
	}

	#onFileFailure(error: Error): void {
		this.#hooks.onProblem(
			new InvalidArgumentError(
				`the journal file cannot be written (${error.message.split('\n')[0]}): what is dirty is kept in memory only, free some room`,
				{cause: error},
			),
		);
	}
}
