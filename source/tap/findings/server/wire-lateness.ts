type Span = {readonly from: number; readonly to: number};

/** Most time spans of each kind that are kept. */
const maxSpans = 256;

/** Resolution, in milliseconds, of the times at which the server is known to have answered. */
const servedEveryMs = 5;

/** Weight of the latest command in the usual latency. */
const weight = 0.05;

/**
 * Separates execution times of the server from delays of a busy machine, by three observations: stalls of the tap's own thread,
 * replies of the server in between, and how often cheap commands are equally late.
 */
export class WireLateness {
	readonly #lateMs: number;
	readonly #stalls: Span[] = [];
	/** Commands that may have delayed others. */
	readonly #busy: Span[] = [];
	/** Late cheap commands that are not evaluated yet. */
	#suspects: Span[] = [];
	/** Times of replies to cheap commands. */
	readonly #served: number[] = [];
	#lastServed = Number.NEGATIVE_INFINITY;
	#count = 0;
	#late = 0;
	#longestMs = 0;
	/** Usual latency of cheap commands, in milliseconds. */
	#usualMs: number | undefined;

	/** @param lateMs Milliseconds above the usual latency from which on a command counts as late. */
	constructor(lateMs: number) {
		this.#lateMs = lateMs;
	}

	/** Records a cheap command. */
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

	/** Records a command that may have delayed others. */
	busy(from: number, to: number): void {
		keep(this.#busy, {from, to});
	}

	/** Records a stall of the tap's own thread. */
	stall(from: number, to: number): void {
		keep(this.#stalls, {from, to});
	}

	/** Evaluates the late commands that were answered before a time, when possible causes have been reported. */
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

	/** Upper bound of the milliseconds above the usual latency that the server spent on a command. */
	extraMs(from: number, to: number): number {
		const ms = this.#withoutStalls({from, to});
		let longest = 0;
		let last = from;
		// The server is single-threaded, so the command was executed entirely before or entirely after each of these replies.
		for (const at of this.#served) {
			if (at <= from || at >= to) continue;
			longest = Math.max(longest, at - last);
			last = at;
		}
		return Math.max(0, Math.min(ms, Math.max(longest, to - last)) - (this.#usualMs ?? 0));
	}

	/** Share of cheap commands that are late, smoothed: near one half while there are few. */
	get lateShare(): number {
		return (this.#late + 1) / (this.#count + 2);
	}

	/** Longest lateness of a cheap command, in milliseconds. */
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
