import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';
import {type CoherenceRates, chooseWay} from './coherence-choice.js';
import type {TrackingWay} from './node-tracking.js';

export type AutoCoherenceParts = {
	readonly tracking: {
		readonly way: TrackingWay | 'ttl';
		readonly state: {readonly kind: string};
		use(way: TrackingWay): void;
	};
	/** Counts since the cache was created. */
	readonly totals: () => CoherenceRates;
	/** Number of processes that Redis announces changes to; `undefined`: it is not known. Must not reject. */
	readonly countProcesses: () => Promise<number | undefined>;
	readonly onChange: (way: TrackingWay, rates: CoherenceRates, processes: number | undefined) => void;
};

export type AutoCoherenceTimes = {
	/** Milliseconds over which rates are measured. */
	readonly windowMs: number;
	/** Milliseconds between two changes; doubled with each. */
	readonly stayMs: number;
	readonly maxStayMs: number;
};

const usualTimes: AutoCoherenceTimes = {windowMs: 5000, stayMs: 60_000, maxStayMs: 3_600_000};

/** Windows in a row that have to say the same. */
const agreeing = 3;
/** A change waits for up to this many windows, so that processes which see the same traffic do not change at once. */
const spread = 3;

const nothing: CoherenceRates = {announced: 0, useful: 0, read: 0, written: 0};

/**
 * `memory.coherence: 'auto'`: goes over to the way that costs Redis less when several windows in a row have said so. Each change
 * makes memory unverified once, so changes become rarer the more of them there were.
 */
export class AutoCoherence {
	readonly #parts: AutoCoherenceParts;
	readonly #times: AutoCoherenceTimes;
	#timer: NodeJS.Timeout | undefined;
	#totals = nothing;
	#measuredAt = localNow();
	/** While changes were last broadcast. */
	#broadcast = nothing;
	#inFavor = 0;
	#stayMs: number;
	#mayChangeAt = 0;
	#isClosed = false;

	constructor(parts: AutoCoherenceParts, times = usualTimes) {
		this.#parts = parts;
		this.#times = times;
		this.#stayMs = times.stayMs;
		this.#begin();
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
	}

	/** Begins a window. */
	#begin(): void {
		if (this.#isClosed) return;
		this.#totals = this.#parts.totals();
		this.#measuredAt = localNow();
		const ms = this.#times.windowMs * (0.8 + 0.4 * Math.random());
		this.#timer = setTimeout(() => void this.#judge().finally(() => this.#begin()), ms).unref();
	}

	async #judge(): Promise<void> {
		const {tracking, countProcesses} = this.#parts;
		const {way} = tracking;
		if (way === 'ttl' || tracking.state.kind !== 'tracking') {
			this.#inFavor = 0;
			return;
		}
		const rates = this.#rates();
		if (way === 'broadcast') this.#broadcast = rates;
		// Redis is asked only if the answer matters.
		const isAsked = way === 'tracked' || chooseWay(way, rates, this.#broadcast, undefined) !== way;
		const processes = isAsked ? await countProcesses() : undefined;
		if (chooseWay(way, rates, this.#broadcast, processes) === way) {
			this.#inFavor = 0;
			return;
		}
		this.#inFavor++;
		if (this.#inFavor < agreeing || localNow() < this.#mayChangeAt || this.#isClosed) return;
		await this.#pause(Math.random() * spread * this.#times.windowMs);
		if (!this.#isClosed) this.#change(way === 'tracked' ? 'broadcast' : 'tracked', rates, processes);
	}

	#change(way: TrackingWay, rates: CoherenceRates, processes: number | undefined): void {
		const {maxStayMs} = this.#times;
		this.#inFavor = 0;
		this.#mayChangeAt = localNow() + this.#stayMs;
		this.#stayMs = Math.min(maxStayMs, this.#stayMs * 2);
		this.#parts.tracking.use(way);
		this.#parts.onChange(way, rates, processes);
	}

	#rates(): CoherenceRates {
		const now = this.#parts.totals();
		const seconds = Math.max(0.001, (localNow() - this.#measuredAt) / 1000);
		const rate = (field: keyof CoherenceRates) => (now[field] - this.#totals[field]) / seconds;
		return {announced: rate('announced'), useful: rate('useful'), read: rate('read'), written: rate('written')};
	}

	#pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			this.#timer = setTimeout(resolve, ms).unref();
		});
	}
}
