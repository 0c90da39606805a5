import type {DrillReport, ExpectationResult} from '../drills/drill-report.js';
import {decideEarly, parseExpectation} from '../drills/expectation.js';

export type Verdict = 'met' | 'not met' | 'undecided';

/** What a report says of an expectation. A drill that was cut short has decided only what can no longer change. */
export function verdictOn(report: DrillReport, {name, passed, actual}: ExpectationResult): Verdict {
	if (report.partial === undefined) return passed ? 'met' : 'not met';
	const expectation = parseExpectation(name);
	const early = typeof expectation === 'string' ? 'open' : decideEarly(expectation, actual);
	// Over its limit by no more than the machine was late is not decided against it.
	if (early === 'open' || (early === 'failed' && passed)) return 'undecided';
	return early === 'passed' ? 'met' : 'not met';
}
