import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';
import {type CoherenceRates, chooseWay, type ServerFacts} from './coherence-choice.js';
import type {TrackingWay} from './node-tracking.js';

/** A switch, and the rates and facts that have led to it. */
export type CoherenceChange = {
	readonly from: TrackingWay;
	readonly to: TrackingWay;
	readonly rates: CoherenceRates;
	readonly facts: ServerFacts;
};

export type AutoCoherenceParts = {
	readonly tracking: {
		readonly way: TrackingWay | 'ttl';
		readonly state: {readonly kind: string};
		use(way: TrackingWay): void;
	};
	/** Counts since the cache was created. */
	readonly totals: () => CoherenceRates;
	/** Number of processes to which Redis announces changes; `undefined` if unknown. Must not reject. */
	readonly countProcesses: () => Promise<number | undefined>;
	/** Number of times at which changes may have been missed, since the cache was created. */
	readonly countGaps: () => number;
	readonly onChange: (change: CoherenceChange) => void;
};

export type AutoCoherenceTimes = {
	/** Milliseconds over which rates are measured. */
	readonly windowMs: number;
	/** Milliseconds after a return to tracked mode during which it is not left again; doubled with each return. */
	readonly stayMs: number;
	readonly maxStayMs: number;
	/**
	 * Milliseconds after the start, or after changes may have been missed, during which memory is not bypassed: nothing in it is
	 * known to be current until it is read again.
	 */
	readonly warmUpMs: number;
};

const usualTimes: AutoCoherenceTimes = {windowMs: 5000, stayMs: 60_000, maxStayMs: 3_600_000, warmUpMs: 60_000};

/** Number of windows in a row that must lead to the same choice. */
const agreeing = 3;
/** So many processes that each choice which depends on their number is made for many. */
const manyProcesses = 1_000_000;
/** A switch is delayed by up to this many windows, so that processes with the same traffic do not switch at the same time. */
const spread = 3;

const nothing: CoherenceRates = {
	announced: 0,
	useful: 0,
	calls: 0,
	hits: 0,
	unchanged: 0,
	read: 0,
	batches: 0,
	set: 0,
	deleted: 0,
	loaded: 0,
};

/**
 * `memory.coherence: 'auto'`: switches between tracked, broadcast and bypass mode, to the one that costs Redis less, once
 * several windows in a row agree. Each switch makes all of memory unverified once, so tracked mode is left less often the more
 * switches there were. The way back needs no such pause, since its reason is measured then, and not estimated.
 */
export class AutoCoherence {
	readonly #parts: AutoCoherenceParts;
	readonly #times: AutoCoherenceTimes;
	#timer: NodeJS.Timeout | undefined;
	#totals = nothing;
	#measuredAt = localNow();
	/** Rates of the last window in broadcast mode. */
	#broadcast = nothing;
	/** Upper bound of the keys that Redis tracks for this process: a key that was read twice counts twice. */
	#remembered = 0;
	/** The mode to which the latest windows would switch, and their number. */
	#favored: TrackingWay | undefined;
	#inFavor = 0;
	#stayMs: number;
	#mayLeaveTrackedAt = 0;
	#gaps = 0;
	#warmAt: number;
	#isClosed = false;

	constructor(parts: AutoCoherenceParts, times = usualTimes) {
		this.#parts = parts;
		this.#times = times;
		this.#stayMs = times.stayMs;
		this.#warmAt = localNow() + times.warmUpMs;
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
		this.#noteGaps();
		if (way === 'ttl' || tracking.state.kind !== 'tracking') {
			this.#inFavor = 0;
			return;
		}
		const changes = this.#changes();
		const rates = perSecond(changes, this.#measuredAt);
		if (way === 'broadcast') this.#broadcast = rates;
		else if (way === 'tracked') this.#count(changes);
		const choose = (processes: number | undefined) =>
			chooseWay(way, rates, this.#broadcast, {processes, remembered: this.#remembered});
		// Redis is asked for the number of processes only if that could change the choice.
		const mayMatter = way === 'tracked' && [1, manyProcesses].some((count) => choose(count) !== way);
		const processes = mayMatter ? await countProcesses() : undefined;
		const choice = choose(processes);
		this.#inFavor = choice === this.#favored ? this.#inFavor + 1 : 1;
		this.#favored = choice;
		const mayChange =
			way !== 'tracked' || localNow() >= (choice === 'bypass' ? this.#mayBypassAt : this.#mayLeaveTrackedAt);
		if (choice === way || this.#inFavor < agreeing || !mayChange || this.#isClosed) return;
		await this.#pause(Math.random() * spread * this.#times.windowMs);
		if (this.#isClosed) return;
		this.#change({from: way, to: choice, rates, facts: {processes, remembered: this.#remembered}});
	}

	get #mayBypassAt(): number {
		return Math.max(this.#mayLeaveTrackedAt, this.#warmAt);
	}

	#noteGaps(): void {
		const gaps = this.#parts.countGaps();
		if (gaps !== this.#gaps) this.#warmAt = localNow() + this.#times.warmUpMs;
		this.#gaps = gaps;
	}

	#change(change: CoherenceChange): void {
		this.#inFavor = 0;
		if (change.to === 'tracked') {
			this.#mayLeaveTrackedAt = localNow() + this.#stayMs;
			this.#stayMs = Math.min(this.#times.maxStayMs, this.#stayMs * 2);
		}
		this.#parts.tracking.use(change.to);
		this.#parts.onChange(change);
	}

	/** Events since the window began. */
	#changes(): CoherenceRates {
		const now = this.#parts.totals();
		return ofEach((field) => now[field] - this.#totals[field]);
	}

	/** The lease and fill scripts of a load read its key, too. With each announcement Redis stops tracking a key. */
	#count({read, loaded, announced}: CoherenceRates): void {
		this.#remembered = Math.max(0, this.#remembered + read + 2 * loaded - announced);
	}

	#pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			this.#timer = setTimeout(resolve, ms).unref();
		});
	}
}

function perSecond(changes: CoherenceRates, since: number): CoherenceRates {
	const seconds = Math.max(0.001, (localNow() - since) / 1000);
	return ofEach((field) => changes[field] / seconds);
}

function ofEach(figure: (field: keyof CoherenceRates) => number): CoherenceRates {
	return {
		announced: figure('announced'),
		useful: figure('useful'),
		calls: figure('calls'),
		hits: figure('hits'),
		unchanged: figure('unchanged'),
		read: figure('read'),
		batches: figure('batches'),
		set: figure('set'),
		deleted: figure('deleted'),
		loaded: figure('loaded'),
	};
}
