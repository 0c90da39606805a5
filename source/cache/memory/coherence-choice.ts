import type {TrackingWay} from './node-tracking.js';

/** Events a second in this process that determine which mode is cheaper for Redis. */
export type CoherenceRates = {
	/** Changes that Redis has announced. */
	readonly announced: number;
	/** Those of them that concerned a usable entry in memory. */
	readonly useful: number;
	/** Reads by callers. */
	readonly calls: number;
	/** Those of them that memory has answered. */
	readonly hits: number;
	/** Those that have found in Redis what memory had from an earlier read. */
	readonly unchanged: number;
	/** Keys read from Redis. */
	readonly read: number;
	/** Commands that have read them; in a cluster, pipelines. */
	readonly batches: number;
	/** Values that this process has set. */
	readonly set: number;
	/** Keys that this process has deleted. */
	readonly deleted: number;
	/** Values that this process has loaded. */
	readonly loaded: number;
};

/** Known facts about the server. */
export type ServerFacts = {
	/** Number of processes to which Redis announces changes; `undefined` if unknown. */
	readonly processes: number | undefined;
	/** Upper bound of the keys that Redis tracks for this process. */
	readonly remembered: number;
};

/**
 * CPU time of Redis in µs, as measured with raw clients and with many caches at a few thousand calls a second. Only the ratios
 * matter, which differ little between machines.
 */
const cost = {
	/** Sending one message to one client. */
	announcement: 3.5,
	/** Tracking that a client has read a key. */
	remembered: 0.3,
	/** Per second: answering the tracking checks of the lanes. */
	questions: 32,
	/** Executing a command that reads. */
	readCommand: 9,
	/** Reading each of its keys. */
	readKey: 1,
} as const;

/** Smallest saving in µs a second per process that justifies a switch: with a hundred processes, 1 % of a CPU of the server. */
const worthwhile = 100;
/**
 * Number of keys that Redis may track for one process at no extra cost: those of a full memory tier of the default size. Each
 * takes 50 to 100 bytes of the server's memory until the key changes or expires, even if the process has dropped the entry or
 * has ended.
 */
const manyRemembered = 10_000;
/** Smallest saving in µs a second that justifies tracking more keys than that. */
const priceOfMany = 1000;
/** Memory is bypassed if it answers less than this share of the reads, and that costs Redis more than it saves. */
const fewHits = 0.1;
/** Memory is used again if it would answer at least this share of the reads. */
const someHits = 0.2;
/** With fewer reads a second in a process, to bypass memory would save nothing worth mentioning. */
const fewCalls = 5;
/** Smallest saving in µs a second of all processes that justifies bypassing memory: half a percent of a CPU. */
const worthBypassing = 5000;
/** Announcements of a lease and of a fill. Their scripts read the key before they change it, so both modes cause them. */
const announcedLoads = 2;
/** Rates below this, in events a second, are too low for ratios between them. */
const telling = 1;

/**
 * Chooses the mode that costs Redis less, if the saving justifies a switch.
 *
 * - Broadcast: every change of any process is announced to this one.
 * - Tracked: only the next change of each key that it has read, which saves the announcements that concern nothing in memory, at
 *   a cost that grows with the number of keys read.
 * - Bypass: no change of an entry is announced, and memory answers no reads. Only for processes whose memory hardly answers any:
 *   with a hundred processes that share the traffic, nearly each key that one has read is changed before it is read there again.
 *   Reached from tracked mode only, where hits and announcements are measured; while memory is bypassed, the reads that find an
 *   entry unchanged are those that memory would have answered.
 *
 * @param before The rates in the last window of broadcast mode: in tracked mode a process cannot measure the announcements that
 * broadcast mode would cause.
 */
export function chooseWay(
	way: TrackingWay,
	rates: CoherenceRates,
	before: CoherenceRates,
	{processes = 1, remembered}: ServerFacts,
): TrackingWay {
	if (way === 'bypass') return wouldHit(rates) ? 'tracked' : 'bypass';
	// Broadcast mode would spare no more reads, and cost announcements.
	if (way === 'tracked' && hardlyHits(rates) && savedByBypass(rates) * processes > worthBypassing) return 'bypass';
	const spared =
		way === 'broadcast'
			? rates.announced - announcedIfTracked(rates)
			: expectedIfBroadcast(rates, before, processes) - rates.announced;
	const saved = spared * cost.announcement - rates.read * cost.remembered - cost.questions;
	const due = remembered > manyRemembered ? priceOfMany : 0;
	if (way === 'broadcast') return saved > due + worthwhile ? 'tracked' : 'broadcast';
	return saved < due - worthwhile ? 'broadcast' : 'tracked';
}

function hardlyHits({hits, calls}: CoherenceRates): boolean {
	return calls >= fewCalls && hits < fewHits * calls;
}

function savedByBypass({announced, hits, read, batches}: CoherenceRates): number {
	const costOfRead = cost.readKey + (read > 0 ? (batches / read) * cost.readCommand : cost.readCommand);
	return announced * cost.announcement + read * cost.remembered + cost.questions - hits * costOfRead;
}

function wouldHit({unchanged, calls}: CoherenceRates): boolean {
	return unchanged > 0 && unchanged >= someHits * calls;
}

/** Sets and deletes do not read the key, so changes of keys that were not read since their last change are not announced. */
function announcedIfTracked(rates: CoherenceRates): number {
	const {read, set, deleted, loaded} = rates;
	return usefulOfOthers(rates) + loaded * announcedLoads + Math.min(set + deleted, read);
}

/** In broadcast mode, each set of this process is announced to itself while its value is in memory. */
function usefulOfOthers({useful, set}: CoherenceRates): number {
	return Math.max(0, useful - set);
}

/**
 * Estimated announcements a second in broadcast mode: the earlier rate, scaled by the growth of the announcements that still
 * arrive, or of this process's own writes. At least as many as arrive now, and as there would be if all processes wrote as much
 * as this one.
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

/** A process that makes changes also writes its beat key once a second: see `RollbackDetector`. */
function beatsIn(rates: CoherenceRates): number {
	return Math.min(1, writtenIn(rates));
}

function writtenIn({set, deleted, loaded}: CoherenceRates): number {
	return set + deleted + loaded * announcedLoads;
}
