import type {ServerFigures} from './figures.js';
import {joinSpans} from './merge-figures.js';

/** Number of spans that are kept: one per second for ten minutes. */
const spanLimit = 600;

/** The figures of the last ten minutes. */
export class FigureHistory {
	#spans: ServerFigures[] = [];

	add(figures: ServerFigures): void {
		this.#spans.push(figures);
		if (this.#spans.length > spanLimit) this.#spans.shift();
	}

	get latest(): ServerFigures | undefined {
		return this.#spans.at(-1);
	}

	/** The spans that ended between two times, oldest first. `from` and `to`: Unix time in milliseconds. */
	spans(from: number, to: number): readonly ServerFigures[] {
		return this.#spans.filter(({at}) => at > from && at <= to);
	}

	/** The spans that ended between two times, joined. Undefined if there are none. */
	between(from: number, to: number): ServerFigures | undefined {
		return this.spans(from, to).reduce<ServerFigures | undefined>(
			(joined, span) => (joined ? joinSpans(joined, span) : span),
			undefined,
		);
	}
}
