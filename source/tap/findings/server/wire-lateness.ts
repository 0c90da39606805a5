type Span = {readonly from: number; readonly to: number};

/** Spans of each kind that are remembered. */
const maxSpans = 256;

/** Milliseconds between two times at which the server is known to have answered. */
const servedEveryMs = 5;

/** Weight of the latest command in the usual latency. */
const weight = 0.05;

/**
 * Separates the time that a server worked from delays of a busy machine: by the stalls of the tap's own thread, by
 * replies of the server in between, and by how often cheap commands are as late.
 */
export class WireLateness {
	readonly #lateMs: number;
	readonly #stalls: Span[] = [];
	/** Commands that may have held up others. */
	readonly #busy: Span[] = [];
	/** Late commands that do little, not yet judged. */
	#suspects: Span[] = [];
	/** Times of answers to commands that do little. */
	readonly #served: number[] = [];
	#lastServed = Number.NEGATIVE_INFINITY;
	#count = 0;
	#late = 0;
	#longestMs = 0;
	/** Latency of commands that do little, in milliseconds. */
	#usualMs: number | undefined;

	/** @param lateMs Milliseconds, more than usual, from which on a command is late. */
	constructor(lateMs: number) {
		this.#lateMs = lateMs;
	}

	/** Takes in a command that does little. */
	usual(sentAt: number, repliedAt: number): void {
		const ms = repliedAt - sentAt;
		this.#count++;
		if (ms >= this.#lateMs && ms - (this.#usualMs ?? 0) >= this.#lateMs)
			keep(this.#suspects, {from: sentAt, to: repliedAt});
		this.#usualMs = this.#usualMs === undefined ? ms : this.#usualMs + (ms - this.#usualMs) * weight;
		if (repliedAt - this.#lastServed < servedEveryMs) return;
		this.#lastServed = repliedAt;
		keep(this.#served, repliedAt);
	}

	/** A command has been answered that others may have waited for. */
	busy(from: number, to: number): void {
		keep(this.#busy, {from, to});
	}

	/** The tap's own thread was blocked. */
	stall(from: number, to: number): void {
		keep(this.#stalls, {from, to});
	}

	/** Judges the late commands that were answered before a time. The reasons of their lateness are known by then. */
	settle(before: number): void {
		if (this.#suspects.length === 0) return;
		const open: Span[] = [];
		for (const span of this.#suspects) {
			if (span.to > before) {
				open.push(span);
				continue;
			}
			if (this.#busy.some(({from, to}) => from <= span.from && span.from <= to)) continue;
			const extraMs = this.#withoutStalls(span) - (this.#usualMs ?? 0);
			if (extraMs < this.#lateMs) continue;
			this.#late++;
			this.#longestMs = Math.max(this.#longestMs, extraMs);
		}
		this.#suspects = open;
	}

	/** Milliseconds, more than usual ones take, that the server may have spent on a command at most. */
	extraMs(from: number, to: number): number {
		const ms = this.#withoutStalls({from, to});
		let longest = 0;
		let last = from;
		// It was executed as a whole before or after each of these moments.
		for (const at of this.#served) {
			if (at <= from || at >= to) continue;
			longest = Math.max(longest, at - last);
			last = at;
		}
		return Math.max(0, Math.min(ms, Math.max(longest, to - last)) - (this.#usualMs ?? 0));
	}

	/** Share of the usual commands that are late. Near one half until there are some. */
	get lateShare(): number {
		return (this.#late + 1) / (this.#count + 2);
	}

	/** Milliseconds by which one of them was late at most. */
	get longestMs(): number {
		return this.#longestMs;
	}

	#withoutStalls({from, to}: Span): number {
		let ms = to - from;
		for (const stall of this.#stalls) ms -= Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from));
		return ms;
	}
}

function keep<Item>(list: Item[], item: Item): void {
	if (list.length === maxSpans) list.shift();
	list.push(item);
}
