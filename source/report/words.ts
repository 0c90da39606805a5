import type {DrillReport, ExpectationResult} from '../drills/drill-report.js';
import {formatLatency} from '../text/duration.js';
import {formatCount, formatCountOf, formatPercent} from '../text/number.js';
import {recoveryOfSubject} from './subject-lines.js';
import {verdictOn} from './verdict.js';

/* Sentences that reports for people share, without symbols and markup. */

/** Maximum number of mode changes that are listed. Further ones are only counted. */
const maxModes = 12;

/** `passed`, or in what way it did not. `not decided`: no expectation was missed, and some could not be judged. */
export function verdictWords(report: DrillReport): string {
	if (report.partial !== undefined) return `incomplete, ${report.partial}`;
	if (report.passed) return 'passed';
	const failed = report.expectations.filter((expectation) => verdictOn(expectation) === 'not met').length;
	if (failed === 0) return 'not decided';
	return `failed, ${failed} of ${formatCountOf(report.expectations.length, 'expectation')} not met`;
}

/** `3 of 4 drills passed, 1 skipped` */
export function totalWords(reports: readonly DrillReport[], skipped: number): string {
	const passed = reports.filter((report) => report.passed).length;
	const left = skipped === 0 ? '' : `, ${formatCount(skipped)} skipped`;
	return `${passed} of ${formatCountOf(reports.length, 'drill')} passed${left}`;
}

/** `5,000 calls in 10.0 s: none failed, none hung, no read was wrong.` */
export function callsWords({calls, durationMs, failedCalls, hungCalls, wrongReads, application}: DrillReport): string {
	if (application !== undefined)
		return `On the traffic of the application that connects to ${application}, for ${secondsWords(durationMs)}.`;
	const outcome =
		failedCalls + hungCalls + wrongReads === 0
			? 'none failed, none hung, no read was wrong'
			: `${failedCalls === 0 ? 'none' : formatCount(failedCalls)} failed, ${hungCalls === 0 ? 'none' : formatCount(hungCalls)} hung, ${wrongReads === 0 ? 'no read was' : formatCountOf(wrongReads, 'read')} wrong`;
	return `${formatCountOf(calls, 'call')} in ${secondsWords(durationMs)}: ${outcome}.`;
}

/** A line about calls that this process itself has skipped or delayed; undefined if there were none. */
export function ownLatenessWords({skippedCalls, lateCalls = 0}: DrillReport): string | undefined {
	const sentences = [
		skippedCalls > 0 && `${formatCountOf(skippedCalls, 'call')} skipped: this process did not run for seconds.`,
		lateCalls > 0 &&
			`${formatCountOf(lateCalls, 'call')} took as long as a hung call, while this process waited for a processor or its event loop was blocked: not counted as hung.`,
	].filter((sentence) => sentence !== false);
	return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** `Modes: connected 0.0 s → fallback 3.2 s.` */
export function modesWords(report: DrillReport, arrow = '→'): string {
	return `${report.subject === undefined ? 'Modes' : 'Seen from outside'}: ${modeList(report, arrow)}`;
}

/** `connected 0.0 s → fallback 3.2 s.` */
export function modeList({modes}: DrillReport, arrow = '→'): string {
	const shown = modes.slice(0, maxModes).map(({mode, atMs}) => `${mode} ${secondsWords(atMs)}`);
	const more = modes.length > maxModes ? [`${modes.length - maxModes} more`] : [];
	return `${[...shown, ...more].join(` ${arrow} `)}.`;
}

/** The name of the drill, and that of the subject if there is one. */
export function drillWords({drill, subject}: DrillReport): string {
	return subject === undefined ? drill : `${drill}, subject ${subject.name}`;
}

/** The server, and the subject if there is one. */
export function serverWords({server, subject}: DrillReport): string {
	return subject === undefined ? server : `${server}, subject ${subject.name}`;
}

/** Sentences about a subject: each feature that was not tested, and each problem outside its calls. */
export function notesOf({subject}: DrillReport): readonly string[] {
	return (subject?.notes ?? []).map((note) => `${note}.`);
}

export function recoveryWords(report: DrillReport): string {
	if (report.subject !== undefined) return recoveryOfSubject(report);
	const {recoveryMs, modes} = report;
	// The lines about the wire report the recovery of an application.
	if (report.application !== undefined) return '';
	if (modes.every(({mode}) => mode === 'connected')) return 'The cache was connected all the time.';
	if (recoveryMs === null) return 'The cache did not connect again after the last fault.';
	return `Recovered ${formatLatency(recoveryMs)} after the last fault was lifted.`;
}

/** `176 keys at most, 178 reconciled, never overflowed` */
export function journalWords({journal: {max, overflowed, reconciled}}: DrillReport): string {
	const overflow =
		overflowed === 0
			? 'never overflowed'
			: `overflowed ${overflowed === 1 ? 'once' : `${formatCount(overflowed)} times`}`;
	return `${formatCountOf(max, 'key')} at most, ${formatCount(reconciled)} reconciled, ${overflow}`;
}

export function shareWords(report: DrillReport, field: 'availability' | 'hitRatio'): string {
	return report.calls === 0 ? 'no data' : percentWords(report[field]);
}

/** The durations of a report as rows: name, p50, p99, maximum. Without calls, only those that describe the machine. */
export function timeRows(report: DrillReport): readonly (readonly [name: string, ...quantiles: string[]])[] {
	const ofMachine = ['timers fired late by', ...quantileWords(report.machineLateMs)] as const;
	if (report.application !== undefined) return [ofMachine];
	return [
		['calls settled after', ...quantileWords(report.settleMs)],
		['during a fault', ...quantileWords(report.faultSettleMs)],
		ofMachine,
	];
}

/** The measured value, and if a limit was exceeded and tolerated, why. */
export function actualWords({actual, toleratedMs, reason}: ExpectationResult): string {
	if (reason !== undefined) return `${valueWords(actual)}: ${reason}`;
	if (toleratedMs === undefined) return valueWords(actual);
	return `${valueWords(actual)}, ${formatLatency(toleratedMs)} above the limit, tolerated: timers of this machine fired late`;
}

/** A point in time of a drill, or its length: `3.2 s`. */
export function secondsWords(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

function valueWords(value: ExpectationResult['actual']): string {
	if (value === undefined) return 'not measured';
	return typeof value === 'number' ? String(Math.round(value * 1_000_000) / 1_000_000) : String(value);
}

function quantileWords({p50, p99, max}: DrillReport['settleMs']): string[] {
	return max === 0 ? ['no data', 'no data', 'no data'] : [p50, p99, max].map(formatLatency);
}

/** A share, rounded down, so that an availability below its limit is never shown as the limit. */
export function percentWords(share: number): string {
	// Floating point: 0.57 * 100_000 is less than 57_000.
	return formatPercent(Math.floor(share * 100_000 + 1e-6) / 100_000, 3, 'drop');
}
