import type {Comparison, Expectation} from './drill.js';
import type {DrillReport, ExpectationResult} from './drill-report.js';
import {
	type ExpectationField,
	expectationFields,
	isExpectationField,
	kindOfField,
	valueOfField,
} from './expectation-fields.js';
import type {Lateness} from './lateness/lateness.js';

type Value = number | string | boolean;

/** A call starts by one timer and ends by another one, and each of them may be late. */
const timersOfACall = 2;

/** Parses an expectation such as `settleMs.p99 <= 50`. Returns a string that says what is wrong if it is not one. */
export function parseExpectation(text: string): Expectation | string {
	const match = /^\s*([A-Za-z][A-Za-z0-9.]*)\s*(==|!=|<=|>=|<|>)\s*(\S.*?)\s*$/.exec(text);
	if (match === null) return `"${text}" is not of the form \`field <= value\``;
	const [, field = '', operator = '', value = ''] = match;
	if (!isExpectationField(field)) return `the report has no "${field}"; it has ${expectationFields.join(', ')}`;
	const limit = parseLimit(value);
	const wanted = kindOfField(field) === 'text' ? 'string' : 'number';
	if (limit === undefined || typeof limit !== wanted) return `"${field}" is a ${wanted}, and ${value} is not`;
	if (typeof limit !== 'number' && operator !== '==' && operator !== '!=')
		return `"${field}" can only be compared with == and !=`;
	return {name: text.trim(), field, comparison: operator as Comparison, limit};
}

/** Share of late calls above which hung calls cannot be distinguished from them: the share that a p99 leaves out. */
const maxLateShare = 0.01;

/** Checked in each drill: without it, the fault's effect is unknown. */
const answeredBeforeFault: Expectation = {
	name: 'answeredBeforeFault >= 1',
	field: 'answeredBeforeFault',
	comparison: '>=',
	limit: 1,
};

/** Additional results for drills that prove nothing. */
export function judgeSetting(report: DrillReport): readonly ExpectationResult[] {
	if (report.answeredBeforeFault !== 0) return [];
	const reason = 'Redis had answered no call before the first fault, so its effect is unknown';
	return [{...judge(answeredBeforeFault, report), undecided: true, reason}];
}

/**
 * Decides whether a report meets an expectation.
 *
 * If more than one in a hundred calls was late, an expectation is undecided if its result would differ if they all had hung.
 *
 * A time may exceed its upper limit by the lateness of the machine: by twice the same quantile, and never by more than the
 * limit itself, since an even later machine proves nothing. `toleratedMs` is the excess.
 */
export function judge(expectation: Expectation, report: DrillReport): ExpectationResult {
	const {name, field, limit} = expectation;
	const actual = valueOfField(report, field);
	const result = {name, passed: isMet(expectation, actual), actual, limit};
	if (isHiddenByLateCalls(expectation, actual, report)) {
		const reason = `${report.lateCalls} of ${report.calls} calls were late with this process, and may have hung`;
		return {...result, passed: false, undecided: true, reason};
	}
	if (result.passed || typeof limit !== 'number' || typeof actual !== 'number') return result;
	const raised = limit + Math.min(limit, tolerance(expectation, report.machineLateMs));
	if (!isMet({...expectation, limit: raised}, actual)) return result;
	return {...result, passed: true, toleratedMs: Math.round(actual - limit)};
}

/**
 * Judges an expectation by the report of a drill that did not run to its end: it is undecided unless the rest of the
 * drill could not have changed the result.
 */
export function judgePartial(expectation: Expectation, report: DrillReport): ExpectationResult {
	const {toleratedMs, reason: _, ...result} = judge(expectation, report);
	const decided = decideEarly(expectation, result.actual);
	if (decided === 'passed') return result;
	// If a limit was exceeded by no more than the lateness of the machine, the result is not decided.
	if (decided === 'failed' && toleratedMs === undefined) return result;
	return {...result, passed: false, undecided: true};
}

/** Decides an expectation while the drill is running, if later values cannot change the result. */
export function decideEarly(expectation: Expectation, actual: Value | undefined): 'open' | 'passed' | 'failed' {
	const {comparison, limit, field} = expectation;
	if (kindOfField(field) === 'text') return isMet(expectation, actual) ? 'passed' : 'failed';
	if (kindOfField(field) !== 'growing' || typeof actual !== 'number' || typeof limit !== 'number') return 'open';
	switch (comparison) {
		case '<=':
		case '==':
			return actual > limit ? 'failed' : 'open';
		case '<':
			return actual >= limit ? 'failed' : 'open';
		case '>=':
			return actual >= limit ? 'passed' : 'open';
		case '>':
		case '!=':
			return actual > limit ? 'passed' : 'open';
	}
}

/** True for an upper limit of a time, which a late machine may exceed and still pass. */
export function mayBeTolerated({field, comparison}: Expectation): boolean {
	return (comparison === '<=' || comparison === '<') && latenessQuantile(field) !== undefined;
}

/** True if the result would differ if the calls that were late with this process had hung. */
function isHiddenByLateCalls(
	expectation: Expectation,
	actual: Value | undefined,
	{calls, lateCalls = 0}: DrillReport,
): boolean {
	if (typeof actual !== 'number' || lateCalls <= calls * maxLateShare) return false;
	const isChanged = (other: number) => isMet(expectation, other) !== isMet(expectation, actual);
	if (expectation.field === 'hungCalls') return isChanged(actual + lateCalls);
	return expectation.field === 'availability' && isChanged(Math.max(0, actual - lateCalls / calls));
}

function isMet({comparison, limit}: Expectation, actual: Value | undefined): boolean {
	if (actual === undefined) return false;
	switch (comparison) {
		case '==':
			return actual === limit;
		case '!=':
			return actual !== limit;
		case '<=':
			return actual <= limit;
		case '>=':
			return actual >= limit;
		case '<':
			return actual < limit;
		case '>':
			return actual > limit;
	}
}

/** Milliseconds that a late machine may have added to a time. */
function tolerance(expectation: Expectation, lateness: Lateness): number {
	const quantile = latenessQuantile(expectation.field);
	return quantile === undefined || !mayBeTolerated(expectation) ? 0 : timersOfACall * lateness[quantile];
}

/** The quantile of the machine's lateness that applies to a time. A recovery happens once, possibly at the worst moment. */
function latenessQuantile(field: ExpectationField): keyof Lateness | undefined {
	if (field === 'recoveryMs' || field === 'probe.recoveryMs' || field === 'wire.recoveryMs') return 'max';
	const [, quantile] = /^(?:settleMs\.|faultSettleMs\.|probe\.)(p50|p99|max)(?:Ms)?$/.exec(field) ?? [];
	return quantile as keyof Lateness | undefined;
}

function parseLimit(text: string): Value | undefined {
	if (text === 'true') return true;
	if (text === 'false') return false;
	const quoted = /^(['"])(.*)\1$/.exec(text);
	if (quoted !== null) return quoted[2] ?? '';
	const number = Number(text);
	return Number.isFinite(number) ? number : undefined;
}
