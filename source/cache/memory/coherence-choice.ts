import type {TrackingWay} from './node-tracking.js';

/** Events a second in this process, as far as they decide what is cheaper for Redis. */
export type CoherenceRates = {
	/** Changes that Redis has announced. */
	readonly announced: number;
	/** Of those, changes of what was in memory and could have been served. */
	readonly useful: number;
	/** Keys read from Redis. */
	readonly read: number;
	/** Keys written by this process. */
	readonly written: number;
};

/**
 * Processor time of Redis, in µs, as measured with raw clients and in fleets of caches at a few thousand calls a second. Only
 * the ratios matter, and they differ by less between machines.
 */
const cost = {
	/** To send a message to a client. */
	announcement: 3.5,
	/** To remember that a client has read a key. */
	remembered: 0.3,
	/** A second: to answer the questions to the lanes. */
	questions: 32,
} as const;

/** µs a second that have to be saved in a process: a hundred of them save one percent of the server's processor. */
const worthwhile = 100;
/** Rates below this, in events a second, say nothing of others. */
const telling = 1;
/** With so few processes there is little to save, and both ways are cheap. */
const fewProcesses = 3;

/**
 * The way that costs Redis less.
 *
 * Broadcast: each change of any process is announced to this one, needed or not. Tracked: only those of what it has read since
 * they were last announced, so what is saved are the announcements that concern nothing in memory. What it costs grows with the
 * keys that are read.
 *
 * @param before The rates when changes were last broadcast: in tracked mode a process does not hear of what it would hear of
 * otherwise.
 * @param processes Number of processes that Redis announces changes to; `undefined`: not known.
 */
export function chooseWay(
	way: TrackingWay,
	rates: CoherenceRates,
	before: CoherenceRates,
	processes: number | undefined,
): TrackingWay {
	if (processes !== undefined && processes <= fewProcesses) return 'broadcast';
	const spared =
		way === 'broadcast'
			? // Most writes of this process are announced to it in tracked mode, too: their scripts read what they change.
				rates.announced - rates.useful - rates.written
			: expectedAnnouncements(rates, before, processes) - rates.announced;
	const saved = spared * cost.announcement - rates.read * cost.remembered - cost.questions;
	return saved > (way === 'tracked' ? 0 : worthwhile) ? 'tracked' : 'broadcast';
}

/**
 * Announcements a second if changes were broadcast. They have grown as those of them that arrive now, or as this process's own
 * writes; with neither, nothing is known of it. They are no fewer than if all processes write as much as this one.
 */
function expectedAnnouncements(rates: CoherenceRates, before: CoherenceRates, processes = 0): number {
	return Math.max(before.announced * growth(rates, before), rates.written * processes);
}

function growth(rates: CoherenceRates, before: CoherenceRates): number {
	if (before.useful >= telling) return rates.useful / before.useful;
	return before.written >= telling ? rates.written / before.written : 1;
}
