import {familyOf} from '../command-families.js';
import type {ServerFigures} from '../figures.js';
import {addCounts} from './own-commands.js';

type Counts = ReadonlyMap<string, number>;

/** Error replies so far on connections other than those for inspection: by their first word, and by command. */
export type ErrorCounts = {readonly kinds: Counts; readonly commands: Counts};

export const noErrorCounts: ErrorCounts = {kinds: new Map(), commands: new Map()};

/**
 * Subtracts the errors on other connections of this program from the figures of a server. Replies on these connections are not
 * synchronous with INFO, so errors that exceed those of one span are subtracted from the next one.
 */
export class OwedErrors {
	#before = noErrorCounts;
	#owed: Counts = new Map();
	#owedFailures = 0;

	/**
	 * @param figures Figures since the last call; undefined if there are none: the errors of that time are then dropped.
	 * @param now All errors up to now.
	 */
	takeFrom(figures: ServerFigures | undefined, now: ErrorCounts): ServerFigures | undefined {
		const kinds = growth(this.#before.kinds, now.kinds);
		// The figures do not include refused administration commands.
		const failures = [...growth(this.#before.commands, now.commands)]
			.filter(([name]) => familyOf(name) !== 'administration')
			.reduce((sum, [, count]) => sum + count, 0);
		this.#before = {kinds: new Map(now.kinds), commands: new Map(now.commands)};
		if (figures === undefined) {
			this.#owed = new Map();
			this.#owedFailures = 0;
			return undefined;
		}
		const owed = new Map(kinds);
		for (const [kind, count] of this.#owed) owed.set(kind, (owed.get(kind) ?? 0) + count);
		const allFailures = failures + this.#owedFailures;
		const errors: Record<string, number> = {};
		for (const [kind, count] of Object.entries(figures.errors)) {
			const ours = owed.get(kind) ?? 0;
			if (count > ours) errors[kind] = count - ours;
			owed.set(kind, Math.max(0, ours - count));
		}
		// Kept for one more span only: the server may have counted them before the first poll.
		this.#owed = new Map([...kinds].map(([kind, count]) => [kind, Math.min(count, owed.get(kind) ?? 0)]));
		this.#owedFailures = Math.min(failures, Math.max(0, allFailures - figures.failedCommands));
		return {...figures, errors, failedCommands: Math.max(0, figures.failedCommands - allFailures)};
	}
}

/** Adds up errors of several connections. */
export const joinErrors = (a: ErrorCounts, b: ErrorCounts): ErrorCounts => ({
	kinds: addCounts(a.kinds, b.kinds),
	commands: addCounts(a.commands, b.commands),
});

function growth(before: Counts, now: Counts): Counts {
	return new Map(
		[...now].flatMap(([name, count]) => {
			const more = count - (before.get(name) ?? 0);
			return more > 0 ? [[name, more] as const] : [];
		}),
	);
}
