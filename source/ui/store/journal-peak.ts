import {latestOutage} from './latest-outage.js';
import type {StoreState} from './store.js';
import {recent} from './time-frame.js';

/**
 * Most dirty keys at once since the latest outage began; without an outage, since the start. All places that show the journal
 * peak of an outage use this function.
 */
export function journalPeakOf(state: StoreState): number {
	const {outages, modes, endSecond, snapshot} = state;
	const journal = snapshot?.cache.journal;
	if (!journal) return 0;
	const outage = latestOutage(outages, modes);
	if (!outage || endSecond === undefined) return outage ? journal.size : journal.max;
	const seconds = Math.max(1, Math.round((endSecond * 1000 + 1000 - outage.from) / 1000));
	// Includes the current size, since the current second is not in the history yet.
	return Math.max(journal.size, recent(state, seconds)?.journal ?? 0);
}
