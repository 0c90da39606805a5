import type {ModeChange} from '../../metrics/snapshot.js';
import type {OutageSpan} from './history.js';

/** The latest outage, simulated or real, and how the cache reacted. Durations in milliseconds. */
export type LatestOutage = {
	/** The fault, or for a real outage the reason of the fallback. */
	readonly label: string;
	readonly isSimulated: boolean;
	/** Unix time in milliseconds; `to` is undefined while the outage lasts. */
	readonly from: number;
	readonly to: number | undefined;
	/** Time from the start of the outage to fallback. `before`: the cache was in fallback already. Undefined: it stayed connected. */
	readonly fallbackMs: number | 'before' | undefined;
	/**
	 * Time from the end of the outage to `connected`. `before`: connected before the end. Undefined: it stayed connected,
	 * or is not connected yet.
	 */
	readonly recoveryMs: number | 'before' | undefined;
	/** True while the cache is in fallback or recovering because of this outage. */
	readonly isUnresolved: boolean;
};

/** A span in which the cache did not use Redis. */
type Episode = {
	readonly from: number;
	readonly to: number | undefined;
	readonly reason: string;
	/** True if a new cache, at the start or for a drill, was slow to connect, which is not an outage. */
	readonly isFirstConnection: boolean;
};

/** A fallback up to this many milliseconds after a fault was lifted is attributed to the fault. */
const aftermathMs = 1000;

/** The latest span without Redis. A connected cache starts it with fallback, a new cache with recovering. */
function latestEpisode(modes: readonly ModeChange[]): Episode | undefined {
	const last = modes.findLastIndex((change) => change.mode === 'fallback');
	if (last < 0) return undefined;
	let first = last;
	while (first > 0 && modes[first - 1]?.mode !== 'connected') first--;
	const from = modes[first];
	const to = modes.slice(last).find((change) => change.mode === 'connected');
	const isFirstConnection = from?.mode === 'recovering' && to !== undefined;
	return from && {from: from.at, to: to?.at, reason: from.reason, isFirstConnection};
}

function isCausedBy(fault: OutageSpan | undefined, episode: Episode | undefined): boolean {
	return (
		fault !== undefined &&
		episode !== undefined &&
		(episode.to === undefined || episode.to > fault.from) &&
		episode.from <= (fault.to ?? Number.POSITIVE_INFINITY) + aftermathMs
	);
}

/** Joins the latest fault with the mode changes that it caused. */
export function latestOutage(outages: readonly OutageSpan[], modes: readonly ModeChange[]): LatestOutage | undefined {
	const fault = outages.at(-1);
	const episode = latestEpisode(modes);
	const isOpen = episode !== undefined && episode.to === undefined;
	const ofFault = isCausedBy(fault, episode) ? episode : undefined;
	const isReal = episode !== undefined && !ofFault && !episode.isFirstConnection;
	if (isReal && (!fault || (fault.to !== undefined && episode.from > fault.from)))
		return {
			label: episode.reason,
			isSimulated: false,
			from: episode.from,
			to: episode.to,
			fallbackMs: 0,
			recoveryMs: undefined,
			isUnresolved: isOpen,
		};
	if (!fault) return undefined;
	const recovery = ofFault?.to !== undefined && fault.to !== undefined ? ofFault.to - fault.to : undefined;
	return {
		label: fault.label,
		isSimulated: true,
		from: fault.from,
		to: fault.to,
		fallbackMs: !ofFault ? undefined : ofFault.from < fault.from ? 'before' : ofFault.from - fault.from,
		recoveryMs: recovery !== undefined && recovery < 0 ? 'before' : recovery,
		isUnresolved: ofFault !== undefined && isOpen,
	};
}
