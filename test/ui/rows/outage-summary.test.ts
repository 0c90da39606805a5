import {expect, test} from 'vitest';
import {outageSummary} from '../../../source/ui/rows/faults/outage-summary.js';
import {latestOutage} from '../../../source/ui/store/latest-outage.js';
import {plain} from '../../support/plain-rows.js';
import {change, connected} from '../store/mode-changes.js';

/** The summary of a `reset` of two seconds, after which the cache is connected again at `connectedAt`. */
function summaryOf(connectedAt: number, width = 200): string {
	const outages = [{id: 1, label: 'reset', from: 0, to: 2000}];
	const outage = latestOutage(outages, [connected, change('fallback', 0), change('connected', connectedAt)]);
	if (!outage) throw new Error('there is no outage');
	const figures = {outage, now: 5000, wrongReads: 0, hitRatio: undefined, journal: 0, journalPeak: 0};
	return plain([outageSummary(figures, width)]);
}

test('the summary of an outage shows whole milliseconds, as they were measured', () => {
	expect(summaryOf(2000)).toContain('reset 2 s, fell back at once, recovered at once');
	expect(summaryOf(2012)).toContain('reset 2 s, fell back at once, recovered in 12 ms');
	expect(summaryOf(1999)).toContain('reset 2 s, fell back at once, recovered before its end');
});

test('a narrow summary has short words, and leaves out a part that does not fit', () => {
	expect(summaryOf(2012, 59)).toBe('reset 2 s, fallback at once, recovery 12 ms, 0 wrong reads');
	expect(summaryOf(2012, 44)).toBe('reset 2 s, fallback at once, recovery 12 ms');
});
