import type {ApplicationOutage, EngineSnapshot, ServerFigures} from '../../engine/protocol.js';
import {joinSpans} from '../../inspect/server/activity/merge-figures.js';
import type {ModeChange} from '../../metrics/snapshot.js';
import type {Sample} from './sample.js';
import {callsOf, grown, sampleBetween, share} from './sample-between.js';
import {Samples} from './samples.js';

/** A simulated outage: one fault, from its start to its end. */
export type OutageSpan = {
	readonly id: number;
	readonly label: string;
	/** Unix time in milliseconds. */
	readonly from: number;
	/** Undefined while the fault is active. */
	readonly to: number | undefined;
};

const outageLimit = 500;
const modeLimit = 2000;
/** Most outages of the application that are kept, each with its reaction. */
const applicationOutageLimit = 50;
/** Milliseconds for which figures of a server are used if no newer ones arrive: it is polled once a second. */
const figuresMs = 2500;
/** Up to this many missing seconds count as a late snapshot; more are shown as a gap. */
const lateSeconds = 3;

type Baseline = {readonly second: number; readonly snapshot: EngineSnapshot};

/** The last two hours of everything that charts show, made of snapshots. */
export class History {
	readonly #samples = new Samples();
	#outages: readonly OutageSpan[] = [];
	/** The highest id of an outage so far. Ids of faults increase. */
	#latestOutage = 0;
	#modes: readonly ModeChange[] = [];
	#applicationOutages: readonly ApplicationOutage[] = [];
	#baseline: Baseline | undefined;
	/** The current second so far; becomes its sample when the second ends. */
	#running: Sample | undefined;
	#endSecond: number | undefined;
	/** The server's activity since the last complete second, and the newest of it. */
	#server: ServerFigures | undefined;
	#newest: ServerFigures | undefined;

	/** The last complete second, in Unix seconds; undefined before the first. */
	get endSecond(): number | undefined {
		return this.#endSecond;
	}

	/** Outages of this history, oldest first. The same array until one starts or ends. */
	get outages(): readonly OutageSpan[] {
		return this.#outages;
	}

	/** Mode changes of this history, oldest first. The same array until the mode changes. */
	get modes(): readonly ModeChange[] {
		return this.#modes;
	}

	/** Outages of the application behind the tap, oldest first. The same array while nothing of it changes. */
	get applicationOutages(): readonly ApplicationOutage[] {
		return this.#applicationOutages;
	}

	/** @returns true when the snapshot completes a second. */
	add(snapshot: EngineSnapshot): boolean {
		this.#recordOutages(snapshot);
		this.#recordModes(snapshot.cache.modes);
		this.#recordFigures(snapshot.activity.latest);
		this.#recordApplicationOutage(snapshot.application?.outage);
		const second = Math.floor(snapshot.at / 1000);
		const baseline = this.#baseline;
		const isSame =
			baseline !== undefined &&
			baseline.snapshot.cache.startedAt === snapshot.cache.startedAt &&
			second >= baseline.second &&
			callsOf(snapshot) >= callsOf(baseline.snapshot);
		if (!isSame) {
			this.#baseline = {second, snapshot};
			this.#running = undefined;
			return false;
		}
		const passed = second - baseline.second;
		if (passed === 0) {
			const seen = sampleBetween(baseline.snapshot, snapshot, 0);
			this.#running = grown(this.#running, seen);
			return false;
		}
		const seconds = (snapshot.at - baseline.snapshot.at) / 1000;
		const last = sampleBetween(baseline.snapshot, snapshot, seconds);
		const whole = grown(this.#running, last);
		const parts = Math.min(passed, lateSeconds);
		for (let index = second - parts; index < second; index++)
			this.#samples.put(index, {...share(whole, parts), server: this.#takeFigures(index)});
		this.#endSecond = second - 1;
		this.#baseline = {second, snapshot};
		this.#running = undefined;
		return true;
	}

	/**
	 * Divides the `windowSeconds` that end with `endSecond` into columns. Columns wider than a second start at multiples
	 * of their width, so that a line keeps its shape while it moves to the left.
	 *
	 * @returns one sample for each column, undefined where nothing was measured.
	 */
	columns(endSecond: number, windowSeconds: number, columns: number): (Sample | undefined)[] {
		const width = windowSeconds / columns;
		const end = width <= 1 ? endSecond + 1 : Math.ceil((endSecond + 1) / width) * width;
		return Array.from({length: columns}, (_, column) => {
			const from = end - (columns - column) * width;
			if (width <= 1) return this.#samples.at(Math.floor(from + width / 2));
			return this.#samples.between(from, Math.min(from + width, endSecond + 1));
		});
	}

	/** The `seconds` that end with `endSecond`, merged; undefined when nothing was measured. */
	total(endSecond: number, seconds: number): Sample | undefined {
		return this.#samples.between(endSecond + 1 - seconds, endSecond + 1);
	}

	#recordModes(modes: readonly ModeChange[]): void {
		const last = this.#modes.at(-1);
		const added = modes.filter((change) => last === undefined || change.at > last.at);
		if (added.length > 0) this.#modes = [...this.#modes, ...added].slice(-modeLimit);
	}

	/** Keeps earlier outages, since the engine knows only the last one. */
	#recordApplicationOutage(outage: ApplicationOutage | undefined): void {
		if (!outage) return;
		const last = this.#applicationOutages.at(-1);
		const isKnown = last?.startedAt === outage.startedAt;
		if (isKnown && last.isOver) return;
		const before = isKnown ? this.#applicationOutages.slice(0, -1) : this.#applicationOutages;
		this.#applicationOutages = [...before, outage].slice(-applicationOutageLimit);
	}

	#recordFigures(figures: ServerFigures | undefined): void {
		if (!figures || figures.at === this.#newest?.at) return;
		// Charts do not use the lists, so they are not kept.
		const kept = {...figures, busiest: [], errors: {}};
		this.#newest = kept;
		this.#server = this.#server ? joinSpans(this.#server, kept) : kept;
	}

	/**
	 * The server's activity of one second. Its answers are not synchronous with snapshots, so the newest ones are used for a
	 * while.
	 */
	#takeFigures(second: number): ServerFigures | undefined {
		const newest = this.#newest;
		const taken = this.#server ?? (newest && second * 1000 - newest.at < figuresMs ? newest : undefined);
		this.#server = undefined;
		return taken;
	}

	#recordOutages({faults, pastFaults, at}: EngineSnapshot): void {
		const active = new Set(faults.map(({id}) => id));
		const ends = new Map(pastFaults.map(({id, liftedAt}) => [id, liftedAt]));
		let isChanged = false;
		const recorded = this.#outages.map((outage) => {
			if (outage.to !== undefined || active.has(outage.id)) return outage;
			isChanged = true;
			// If the fault is neither active nor past, the engine has switched to another server.
			return {...outage, to: ends.get(outage.id) ?? at};
		});
		// A fault may start and end between two snapshots.
		const all = [...pastFaults, ...faults].sort((left, right) => left.id - right.id);
		for (const {id, label, since} of all) {
			if (id <= this.#latestOutage) continue;
			isChanged = true;
			this.#latestOutage = id;
			recorded.push({id, label, from: since, to: ends.get(id)});
		}
		if (isChanged) this.#outages = recorded.slice(-outageLimit);
	}
}
