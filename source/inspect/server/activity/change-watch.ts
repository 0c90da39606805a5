import type {NodeReading} from '../info/read-node.js';
import {changesBetween, nodeChanges, type ServerChange, surgeOf} from './changes.js';
import type {FigureHistory} from './figure-history.js';

const changeLimit = 100;

/** Milliseconds in which the number of clients is usual, and the latest that do not count for it. */
const clientsMs = {usual: 60_000, latest: 10_000} as const;

type Change = Omit<ServerChange, 'at'>;

const addressesOf = (readings: readonly NodeReading[]) => readings.flatMap(({address}) => address ?? []);

/** Notes what happens to a server, each change once. */
export class ChangeWatch {
	readonly #history: FigureHistory;
	readonly #onChange: (change: ServerChange) => void;
	#list: readonly ServerChange[] = [];
	#isSurging = false;

	constructor(history: FigureHistory, onChange: (change: ServerChange) => void) {
		this.#history = history;
		this.#onChange = onChange;
	}

	/** The latest changes, oldest first. */
	get list(): readonly ServerChange[] {
		return this.#list;
	}

	/**
	 * Compares two readings. Before the first one nothing has changed.
	 *
	 * @param now Unix time in milliseconds.
	 */
	compare(before: readonly NodeReading[], after: readonly NodeReading[], now: number): void {
		if (before.length === 0) return;
		const earlier = new Map(before.map((reading) => [reading.address, reading]));
		for (const reading of after) {
			const then = earlier.get(reading.address);
			for (const change of then ? changesBetween(then, reading) : []) this.#note(change, now, reading.address);
		}
		for (const change of nodeChanges(addressesOf(before), addressesOf(after))) this.#note(change, now);
		this.#noteSurge(now);
	}

	#note(change: Change, at: number, address?: string): void {
		const noted = {...change, at, text: address === undefined ? change.text : `${address}: ${change.text}`};
		this.#list = [...this.#list, noted].slice(-changeLimit);
		this.#onChange(noted);
	}

	/** One change for each surge: it is over when as many clients are usual, or they are gone. */
	#noteSurge(now: number): void {
		const clients = this.#history.latest?.clients;
		const before = this.#history.spans(now - clientsMs.usual - clientsMs.latest, now - clientsMs.latest);
		if (clients === undefined || before.length === 0) return;
		const usual = before.reduce((sum, span) => sum + span.clients, 0) / before.length;
		const change = surgeOf(Math.round(usual), clients);
		if (change && !this.#isSurging) this.#note(change, now);
		this.#isSurging = change !== undefined;
	}
}
