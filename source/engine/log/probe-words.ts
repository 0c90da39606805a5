import type {ProbeReport} from '../../drills/probe/probe-report.js';
import {formatLatency} from '../../text/duration.js';
import {formatCountOf, formatPercent} from '../../text/number.js';

/** The results of a probe in a drill, as one line of the log. */
export function probeWords({name, calls, availability, p99Ms, during, recoveryMs}: ProbeReport): string {
	const parts = [
		`${formatPercent(availability)} of ${formatCountOf(calls, 'call')} answered as expected`,
		during.calls > 0 && `${formatPercent(during.availability)} during faults`,
		calls > 0 && `p99 ${formatLatency(p99Ms)}`,
		recoveryMs !== null && `recovered after ${formatLatency(recoveryMs)}`,
	];
	return `probe ${name}: ${parts.filter((part) => part !== false).join(', ')}`;
}
