import type {MissingNode, NodeReading} from '../info/read-node.js';
import {changesBetween, nodeChanges, type ServerChange, surgeOf} from './changes.js';
import type {FigureHistory} from './figure-history.js';

const changeLimit = 100;

/** Time over which the usual number of clients is measured, and the latest part of it that is left out, in milliseconds. */
const clientsMs = {usual: 60_000, latest: 10_000} as const;

type Change = Omit<ServerChange, 'at'>;

type Readings = {readonly readings: readonly NodeReading[]; readonly missing: readonly MissingNode[]};

const addressesOf = (nodes: readonly {readonly address: string | undefined}[]) =>
	nodes.flatMap(({address}) => address ?? []);

/** Detects changes of a server, and reports each once. */
export class ChangeWatch {
	readonly #history: FigureHistory;
	readonly #onChange: (change: ServerChange) => void;
	#list: readonly ServerChange[] = [];
	#isSurging = false;
	/** The last reading of the server, or of each master. */
	readonly #known = new Map<string | undefined, NodeReading>();
	#masters: readonly string[] = [];

	constructor(history: FigureHistory, onChange: (change: ServerChange) => void) {
		this.#history = history;
		this.#onChange = onChange;
	}

	/** The latest changes, oldest first. */
	get list(): readonly ServerChange[] {
		return this.#list;
	}

	/**
	 * Compares the readings with the previous ones. The first ones show no change. A node that does not answer is compared when
	 * it answers again, so that its restart is not missed.
	 *
	 * @param now Unix time in milliseconds.
	 */
	compare({readings, missing}: Readings, now: number): void {
		const addresses = [...addressesOf(readings), ...addressesOf(missing)];
		if (this.#known.size > 0) {
			for (const reading of readings) {
				const then = this.#known.get(reading.address);
				for (const change of then ? changesBetween(then, reading) : []) this.#note(change, now, reading.address);
			}
			for (const change of nodeChanges(this.#masters, addresses)) this.#note(change, now);
			this.#noteSurge(now);
		}
		// If no node answers, the list of nodes is unknown.
		if (readings.length === 0) return;
		this.#masters = addresses;
		for (const reading of readings) this.#known.set(reading.address, reading);
		for (const address of this.#known.keys())
			if (address !== undefined && !addresses.includes(address)) this.#known.delete(address);
	}

	#note(change: Change, at: number, address?: string): void {
		const noted = {...change, at, address, text: address === undefined ? change.text : `${address}: ${change.text}`};
		this.#list = [...this.#list, noted].slice(-changeLimit);
		this.#onChange(noted);
	}

	/** Reports one change per surge. A surge is over when its number of clients has become usual, or the clients have gone. */
	#noteSurge(now: number): void {
		const {latest} = this.#history;
		// Samples from fewer nodes do not count all clients.
		const before = this.#history
			.spans(now - clientsMs.usual - clientsMs.latest, now - clientsMs.latest)
			.filter(({nodes}) => nodes === latest?.nodes);
		if (latest === undefined || before.length === 0) return;
		const {clients} = latest;
		const usual = before.reduce((sum, span) => sum + span.clients, 0) / before.length;
		const change = surgeOf(Math.round(usual), clients);
		if (change && !this.#isSurging) this.#note(change, now);
		this.#isSurging = change !== undefined;
	}
}
