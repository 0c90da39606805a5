import type {ConnectionEvent} from '../../tap/traffic.js';
import type {ReconnectReport} from './wire-report.js';

/** Most broken connections and attempts that are remembered. */
const maxRemembered = 10_000;

/** Most pauses that are remembered: of all connections for the median, and of one connection to detect a back-off. */
const maxPauses = 1000;
const maxPausesInRow = 50;

/** Number of pauses in a row from which on their growth can be judged. */
const minPausesInRow = 4;

/**
 * With a back-off, later pauses exceed the first ones by this factor, and by these milliseconds. Without one they
 * differ as well: timers are late, and a pause may be attributed to another connection. A factor in between is
 * inconclusive, since a late first pause hides a back-off.
 */
const growth = {factor: 2, ms: 30, steadyFactor: 1.25} as const;

/** Minimum rank correlation of pauses with their order to count as growing; below it they count as steady. */
const minGrowingTrend = 0.4;
const maxSteadyTrend = 0.6;

const windowMs = 1000;

/** A broken connection, with the attempts to replace it so far, until one of them has had an answer. */
type Chain = {
	/** Pauses before the attempts, where known. */
	readonly pauses: number[];
	endedAt: number;
	/** False if attempts after its end may have gone unseen. */
	isPauseKnown: boolean;
};

type ClosedEvent = ConnectionEvent & {readonly type: 'closed'};

/**
 * Finds the attempts of an application to reconnect: the connection that opens next is assumed to replace the one that
 * broke first. Times are those of `performance.now()`.
 */
export class Reconnects {
	/** Broken connections without a successor, the oldest first. */
	readonly #broken: Chain[] = [];
	/** Connections that replace a broken one, by their number. */
	readonly #attempts = new Map<number, Chain>();
	readonly #pauses: number[] = [];
	/** Chains long enough to show if there is a back-off, by result. */
	readonly #chains = {growing: 0, steady: 0};
	/** Times of the attempts of the last second. */
	#window: number[] = [];
	#perSecond = 0;
	#count = 0;
	#failed = 0;
	#brokenCount = 0;
	#closedSince: number | undefined;
	#unseenMs = 0;

	/** Connections that had worked and broke. */
	get brokenCount(): number {
		return this.#brokenCount;
	}

	/** Number of broken connections without a successor so far. */
	get missing(): number {
		return this.#broken.length;
	}

	/** The port was closed, or opened again. Attempts in between are not seen. */
	setPortClosed(isClosed: boolean, now: number): void {
		if (isClosed === (this.#closedSince !== undefined)) return;
		if (this.#closedSince !== undefined) this.#unseenMs += now - this.#closedSince;
		this.#closedSince = isClosed ? now : undefined;
		for (const chain of this.#broken) chain.isPauseKnown = false;
	}

	opened(connection: number, at: number): void {
		const chain = this.#broken.shift();
		if (chain === undefined) return;
		this.#count++;
		this.#window = this.#window.filter((time) => time > at - windowMs);
		if (this.#window.length < maxRemembered) this.#window.push(at);
		this.#perSecond = Math.max(this.#perSecond, this.#window.length);
		if (chain.isPauseKnown) {
			const pause = at - chain.endedAt;
			if (this.#pauses.length < maxPauses) this.#pauses.push(pause);
			if (chain.pauses.length < maxPausesInRow) chain.pauses.push(pause);
		}
		if (this.#attempts.size < maxRemembered) this.#attempts.set(connection, chain);
	}

	/** @param isOld True for a connection opened before the outage. */
	closed(event: ClosedEvent, isOld: boolean): void {
		const attempt = this.#attempts.get(event.connection);
		this.#attempts.delete(event.connection);
		const hadAnswer = event.commands > event.lost;
		const isInOrder = event.by === 'application' && !event.isReset && event.lost === 0;
		if (attempt !== undefined && !hadAnswer) {
			this.#failed++;
			this.#wait(attempt, event.at);
			return;
		}
		if (attempt !== undefined) this.#judge(attempt);
		if (isInOrder) return;
		// Of several connections opened at the same time, one may replace none of the known broken ones.
		if (isOld || hadAnswer) this.#brokenCount++;
		this.#wait({pauses: [], endedAt: 0, isPauseKnown: true}, event.at);
	}

	report(now: number): ReconnectReport {
		const {growing, steady} = this.#judged();
		return {
			attempts: this.#count,
			failed: this.#failed,
			perSecond: this.#perSecond,
			pauseMs:
				this.#pauses.length === 0
					? null
					: {shortest: rounded(Math.min(...this.#pauses)), median: rounded(median(this.#pauses))},
			backOff: growing === steady ? null : growing > steady,
			unseenMs: Math.round(this.#unseenMs + (this.#closedSince === undefined ? 0 : now - this.#closedSince)),
		};
	}

	#wait(chain: Chain, at: number): void {
		if (this.#broken.length >= maxRemembered) return;
		chain.endedAt = at;
		chain.isPauseKnown = this.#closedSince === undefined;
		this.#broken.push(chain);
	}

	#judge({pauses}: Chain): void {
		const answer = isGrowing(pauses);
		if (answer !== undefined) this.#chains[answer ? 'growing' : 'steady']++;
	}

	/** With the chains that have not ended. */
	#judged(): {readonly growing: number; readonly steady: number} {
		const answers = [...this.#broken, ...this.#attempts.values()].map(({pauses}) => isGrowing(pauses));
		const count = (wanted: boolean) => answers.filter((answer) => answer === wanted).length;
		return {growing: this.#chains.growing + count(true), steady: this.#chains.steady + count(false)};
	}
}

/** Compares the first pauses, at most three, with the later half. Undefined if they are inconclusive. */
function isGrowing(pauses: readonly number[]): boolean | undefined {
	if (pauses.length < minPausesInRow) return undefined;
	const first = median(pauses.slice(0, Math.min(3, Math.ceil(pauses.length / 3))));
	const later = median(pauses.slice(Math.ceil(pauses.length / 2)));
	const trend = trendOf(pauses);
	if (later >= first * growth.factor && later >= first + growth.ms) {
		// Lateness makes pauses longer, never shorter.
		const shortest = Math.min(...pauses.slice(Math.ceil(pauses.length / 2)));
		return trend >= minGrowingTrend && shortest >= first ? true : undefined;
	}
	const isAlike = later < first + growth.ms || later < first * growth.steadyFactor;
	return isAlike && trend < maxSteadyTrend ? false : undefined;
}

/** Kendall's rank correlation with the order: 1 if each is longer than the one before, about 0 if there is no trend. */
function trendOf(pauses: readonly number[]): number {
	let sum = 0;
	for (const [at, pause] of pauses.entries()) for (const later of pauses.slice(at + 1)) sum += Math.sign(later - pause);
	return (2 * sum) / (pauses.length * (pauses.length - 1));
}

/** Of two values in the middle, the lower one. */
function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function rounded(ms: number): number {
	return Math.round(ms * 10) / 10;
}
