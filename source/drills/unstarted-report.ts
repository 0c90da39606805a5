import type {Drill} from './drill.js';
import type {DrillReport} from './drill-report.js';

const none = {p50: 0, p99: 0, max: 0};

/** The report of a drill that could not be run, for `reason`: nothing was measured, and nothing is decided. */
export function unstartedReport(
	{name, expectations}: Pick<Drill, 'name' | 'expectations'>,
	reason: string,
): DrillReport {
	return {
		drill: name,
		server: 'no server (private)',
		passed: false,
		partial: `not run: ${reason}`,
		durationMs: 0,
		calls: 0,
		skippedCalls: 0,
		failedCalls: 0,
		hungCalls: 0,
		wrongReads: 0,
		availability: 0,
		settleMs: none,
		faultSettleMs: none,
		machineLateMs: none,
		hitRatio: 0,
		modes: [],
		recoveryMs: null,
		journal: {max: 0, overflowed: 0, reconciled: 0},
		expectations: expectations.map((expectation) => ({
			name: expectation.name,
			passed: false,
			undecided: true,
			actual: undefined,
			limit: expectation.limit,
		})),
	};
}
