import {type Links, WireFigures} from '../../../drills/wire/wire-figures.js';
import type {WireReport} from '../../../drills/wire/wire-report.js';
import type {ActiveFault} from '../../../faults/fault.js';
import {formatCountOf} from '../../../text/number.js';
import type {ApplicationOutage} from '../../application-snapshot.js';
import type {EventsWriter, OpenEvent} from '../../log/events-log.js';
import {outageWords} from '../../log/outage-words.js';

/** Milliseconds after the last fault for which the application's recovery is observed. */
const recoverMs = 30_000;

/** Milliseconds for which all of its connections must be back until it counts as recovered. */
const steadyMs = 1000;

/**
 * Longest time that one tick counts for, in milliseconds: longer gaps are caused by a machine that slept, or a clock that was
 * set.
 */
const maxTickMs = 2000;

/** Most fault labels that are kept for one outage. */
const maxLabels = 16;

type Outage = {
	readonly startedAt: number;
	readonly figures: WireFigures;
	/** Its line in the log. Undefined until a fault is active. */
	entry: OpenEvent | undefined;
	readonly faults: Set<string>;
	liftedAt: number | undefined;
	/** Time of the last tick, by the monotonic clock. */
	tickedAt: number;
	/**
	 * Milliseconds since the last fault was lifted, and milliseconds for which the application has been recovered; undefined
	 * while it is not.
	 */
	recoveringMs: number | undefined;
	steadyMs: number | undefined;
	isOver: boolean;
};

/**
 * Observes the application from the first fault until it has recovered from the last one, and updates a log line about it. A
 * fault that begins before the recovery belongs to the same outage.
 */
export class OutageWatch {
	readonly #links: Links;
	readonly #log: EventsWriter;
	#outage: Outage | undefined;
	/** Figures of an outage that is over. */
	#final: ApplicationOutage | undefined;

	constructor(links: Links, log: EventsWriter) {
		this.#links = links;
		this.#log = log;
	}

	/** The outage that is going on, else the last one. */
	snapshot(): ApplicationOutage | undefined {
		const outage = this.#outage;
		if (outage === undefined || outage.isOver) return this.#final;
		return describe(outage);
	}

	/** A fault is about to begin. */
	expectFault(): void {
		const outage = this.#outage;
		if (outage === undefined || outage.isOver) this.#begin();
		else if (outage.liftedAt !== undefined) outage.figures.setFaultActive(true);
	}

	/** The active faults may have changed. */
	setFaults(active: readonly ActiveFault[]): void {
		const outage = this.#outage;
		if (outage === undefined || outage.isOver) return;
		for (const {label} of active) if (outage.faults.size < maxLabels) outage.faults.add(label);
		if (active.length > 0) {
			outage.liftedAt = undefined;
			outage.entry ??= this.#log.open({level: 'info', topic: 'application', text: beginningWords(outage.figures)});
		} else if (outage.faults.size === 0) {
			// The fault was refused.
			outage.figures.end();
			this.#outage = undefined;
		} else if (outage.liftedAt === undefined) {
			outage.figures.setFaultActive(false);
			outage.liftedAt = Date.now();
		}
	}

	/** Call it about once a second. */
	tick(): void {
		const outage = this.#outage;
		if (outage === undefined || outage.isOver) return;
		const wire = outage.figures.report();
		const now = performance.now();
		const passedMs = Math.min(now - outage.tickedAt, maxTickMs);
		outage.tickedAt = now;
		const longer = (ms: number | undefined): number => (ms === undefined ? 0 : ms + passedMs);
		outage.recoveringMs = outage.liftedAt === undefined ? undefined : longer(outage.recoveringMs);
		outage.steadyMs = hasRecovered(wire) ? longer(outage.steadyMs) : undefined;
		const isLate = (outage.recoveringMs ?? 0) > recoverMs;
		const isSteady = (outage.steadyMs ?? 0) >= steadyMs;
		if (isLate || isSteady) this.#end(outage);
		else if (wire !== undefined) outage.entry?.update(outageWords(wire));
	}

	close(): void {
		if (this.#outage !== undefined && !this.#outage.isOver) this.#end(this.#outage);
	}

	#begin(): void {
		const figures = new WireFigures(this.#links);
		figures.begin();
		figures.setFaultActive(true);
		this.#outage = {
			startedAt: Date.now(),
			figures,
			entry: undefined,
			faults: new Set(),
			liftedAt: undefined,
			tickedAt: performance.now(),
			recoveringMs: undefined,
			steadyMs: undefined,
			isOver: false,
		};
	}

	#end(outage: Outage): void {
		outage.figures.end();
		outage.isOver = true;
		this.#final = describe(outage);
		const {wire} = this.#final;
		if (wire === undefined) return;
		outage.entry?.update(outageWords(wire), hasRecovered(wire) ? 'info' : 'warn');
	}
}

function beginningWords(figures: WireFigures): string {
	const open = figures.report()?.connections.before ?? 0;
	return `application: ${open === 0 ? 'it has no connection' : formatCountOf(open, 'connection')}, and an outage`;
}

/** True if the last fault is lifted, a command was answered since, and no connection is missing. */
function hasRecovered(wire: WireReport | undefined): boolean {
	return wire !== undefined && wire.recoveryMs !== null && wire.notReturned === 0;
}

function describe({startedAt, liftedAt, faults, isOver, figures}: Outage): ApplicationOutage {
	return {startedAt, liftedAt, faults: [...faults], isOver, wire: figures.report()};
}
