import type {DrillReport, ExpectationResult} from '../drills/drill-report.js';
import {decideEarly, parseExpectation} from '../drills/expectation.js';

type Verdict = 'met' | 'not met' | 'undecided';

/** The verdict on an expectation. An interrupted drill has decided only what further calls could not have changed. */
export function verdictOn(report: DrillReport, {name, passed, actual}: ExpectationResult): Verdict {
	if (report.partial === undefined) return passed ? 'met' : 'not met';
	const expectation = parseExpectation(name);
	const early = typeof expectation === 'string' ? 'open' : decideEarly(expectation, actual);
	// A limit exceeded by no more than the machine was late is not decided.
	if (early === 'open' || (early === 'failed' && passed)) return 'undecided';
	return early === 'passed' ? 'met' : 'not met';
}
