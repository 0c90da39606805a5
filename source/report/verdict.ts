import type {ExpectationResult} from '../drills/drill-report.js';

type Verdict = 'met' | 'not met' | 'undecided';

/** The verdict on an expectation, in the words of reports. */
export function verdictOn({passed, undecided}: ExpectationResult): Verdict {
	if (undecided) return 'undecided';
	return passed ? 'met' : 'not met';
}
