import type {TrackingWay} from './node-tracking.js';

/** Events a second in this process, as far as they decide what is cheaper for Redis. */
export type CoherenceRates = {
	/** Changes that Redis has announced. */
	readonly announced: number;
	/** Of those, changes of what was in memory and could have been served. */
	readonly useful: number;
	/** Keys read from Redis. */
	readonly read: number;
	/** Values that this process has set. */
	readonly set: number;
	/** Keys that this process has deleted. */
	readonly deleted: number;
	/** Values that this process has loaded. */
	readonly loaded: number;
};

/** What is known of the server. */
export type ServerFacts = {
	/** Processes that Redis announces changes to; `undefined`: not known. */
	readonly processes: number | undefined;
	/** Keys that Redis remembers this process to have read, at most. */
	readonly remembered: number;
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

/** µs a second that a change of the way has to save in a process: a hundred of them save one percent of the server's processor. */
const worthwhile = 100;
/**
 * Keys of one process that Redis may remember at no other price: those of a full memory tier of the default size. Each takes 50 to
 * 100 bytes of its memory until the key changes or expires, whether the process still has it, or is still there, or not.
 */
const manyRemembered = 10_000;
/** µs a second that remembering more than that has to save. */
const priceOfMany = 1000;
/** Announcements of a lease and of a fill. Their scripts read the key before they change it, so both ways have them. */
const announcedLoads = 2;
/** Rates below this, in events a second, say nothing of others. */
const telling = 1;

/**
 * The way that costs Redis less, by more than it costs to change.
 *
 * Broadcast: each change of any process is announced to this one, needed or not. Tracked: only those of what it has read since
 * they were last announced, so what is saved are the announcements that concern nothing in memory. What it costs grows with the
 * keys that are read.
 *
 * @param before The rates when changes were last broadcast: in tracked mode a process does not hear of what it would hear of
 * otherwise.
 */
export function chooseWay(
	way: TrackingWay,
	rates: CoherenceRates,
	before: CoherenceRates,
	{processes = 1, remembered}: ServerFacts,
): TrackingWay {
	const spared =
		way === 'broadcast'
			? rates.announced - announcedIfTracked(rates)
			: expectedIfBroadcast(rates, before, processes) - rates.announced;
	const saved = spared * cost.announcement - rates.read * cost.remembered - cost.questions;
	const due = remembered > manyRemembered ? priceOfMany : 0;
	if (way === 'broadcast') return saved > due + worthwhile ? 'tracked' : 'broadcast';
	return saved < due - worthwhile ? 'broadcast' : 'tracked';
}

/** Sets and deletes do not read, so those of keys that were not read since their last change are announced to nobody. */
function announcedIfTracked(rates: CoherenceRates): number {
	const {read, set, deleted, loaded} = rates;
	return usefulOfOthers(rates) + loaded * announcedLoads + Math.min(set + deleted, read);
}

/** Broadcast, each set of this process is announced to it while its value is in memory. */
function usefulOfOthers({useful, set}: CoherenceRates): number {
	return Math.max(0, useful - set);
}

/**
 * Announcements a second if changes were broadcast. They have grown as those of them that arrive now, or as this process's own
 * writes; with neither, nothing is known of it. They are no fewer than those that arrive now, and than if all processes write as
 * much as this one.
 */
function expectedIfBroadcast(rates: CoherenceRates, before: CoherenceRates, processes: number): number {
	const {announced} = rates;
	return Math.max(before.announced * growth(rates, before), (writtenIn(rates) + beatsIn(rates)) * processes, announced);
}

function growth(rates: CoherenceRates, before: CoherenceRates): number {
	const useful = usefulOfOthers(before);
	if (useful >= telling) return rates.useful / useful;
	return writtenIn(before) >= telling ? writtenIn(rates) / writtenIn(before) : 1;
}

/** A process that makes changes also writes the time once a second, see `RollbackDetector`. */
function beatsIn(rates: CoherenceRates): number {
	return Math.min(1, writtenIn(rates));
}

function writtenIn({set, deleted, loaded}: CoherenceRates): number {
	return set + deleted + loaded * announcedLoads;
}
