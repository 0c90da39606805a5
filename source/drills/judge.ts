import type {DrillReport, ExpectationResult} from './drill-report.js';
import type {Expectation} from './drill-types.js';
import {actualValue, meets} from './expectation.js';
import type {Lateness} from './lateness.js';

/** A call starts by one timer and ends by another one. */
const timersOfACall = 2;

/**
 * Holds a report to one expectation.
 *
 * A time may be over its upper limit by as much as the machine was late: twice the same quantile of its lateness, and never
 * by more than the limit itself, since a machine later than that shows nothing. The result tells how much that was.
 */
export function judge(expectation: Expectation, report: DrillReport): ExpectationResult {
	const {name, field, limit} = expectation;
	const actual = actualValue(report, field);
	const result = {name, passed: meets(expectation, actual), actual, limit};
	if (result.passed || typeof limit !== 'number' || typeof actual !== 'number') return result;
	const raised = {...expectation, limit: limit + Math.min(limit, lateness(expectation, report.machineLateMs))};
	if (!meets(raised, actual)) return result;
	return {...result, passed: true, toleratedMs: Math.round(actual - limit)};
}

/** Whether a busy machine may be the reason that an expectation is not met. */
export function mayBeTolerated({field, comparison}: Expectation): boolean {
	return (comparison === '<=' || comparison === '<') && quantileOf(field) !== undefined;
}

function lateness(expectation: Expectation, late: Lateness): number {
	const quantile = quantileOf(expectation.field);
	return quantile === undefined || !mayBeTolerated(expectation) ? 0 : timersOfACall * late[quantile];
}

/** A recovery happens once, and may meet the worst moment. */
function quantileOf(field: string): keyof Lateness | undefined {
	if (field === 'recoveryMs') return 'max';
	const [, quantile] = /^(?:settleMs|faultSettleMs)\.(p50|p99|max)$/.exec(field) ?? [];
	return quantile === 'p50' || quantile === 'p99' || quantile === 'max' ? quantile : undefined;
}
