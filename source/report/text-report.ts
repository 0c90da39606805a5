import type {DrillReport, ExpectationResult} from '../drills/drill-report.js';
import {formatLatency} from '../text/duration.js';
import {type GlyphSet, inGlyphs} from '../text/glyph-set.js';
import {formatCount, formatCountOf, formatPercent} from '../text/number.js';
import {probeLines, probeRows} from './probe-lines.js';
import type {SkippedDrill} from './skipped-drill.js';
import {recoveryOfSubject, returnedLines} from './subject-lines.js';
import {verdictOn} from './verdict.js';

type TextReportOptions = {
	/** With `ascii` there are no other characters, and `ok` and `FAIL` instead of ✓ and ✗. Default `unicode`. */
	readonly glyphs?: GlyphSet;
};

const marks = {
	unicode: {met: '✓', 'not met': '✗', undecided: '-'},
	ascii: {met: 'ok', 'not met': 'FAIL', undecided: '-'},
} as const;

const verdictWords = {met: 'met', 'not met': 'NOT MET', undecided: 'not decided'} as const;

/** Mode changes that are listed; of further ones only the number is. */
const maxModes = 12;

/** Formats a report for people. Ends with a line feed. */
export function textReport(report: DrillReport, {glyphs = 'unicode'}: TextReportOptions = {}): string {
	const arrow = glyphs === 'unicode' ? '→' : '->';
	const lines = [
		`${report.drill} on ${report.server}${subjectName(report)}: ${verdict(report)}`,
		'',
		`${formatCountOf(report.calls, 'call')} in ${seconds(report.durationMs)}: ${failures(report)}.`,
		...skipped(report),
		modes(report, arrow),
		report.subject === undefined ? recovery(report) : recoveryOfSubject(report),
		...(report.subject?.notes ?? []).map((note) => `Note: ${note}.`),
		'',
		...table([
			['', 'p50', 'p99', 'max'],
			['calls settled after', ...quantiles(report.settleMs)],
			['during a fault', ...quantiles(report.faultSettleMs)],
			['timers fired late by', ...quantiles(report.machineLateMs)],
		]),
		`availability ${share(report, 'availability')}, hit ratio ${share(report, 'hitRatio')}`,
		...(report.subject === undefined ? [journal(report)] : returnedLines(report)),
		'',
		...probes(report),
		...expectations(report, glyphs),
		...leftOut(report, glyphs),
	];
	return inGlyphs(`${lines.join('\n')}\n`, glyphs);
}

/** Formats a summary of several drills, one line for each. Ends with a line feed. */
export function textSummary(
	reports: readonly DrillReport[],
	skipped: readonly SkippedDrill[] = [],
	{glyphs = 'unicode'}: TextReportOptions = {},
): string {
	const rows = [
		...reports.map((report) => [marks[glyphs][report.passed ? 'met' : 'not met'], report.drill, verdict(report)]),
		...skipped.map(({drill, reason}) => [marks[glyphs].undecided, drill, `skipped, ${reason}`]),
	];
	const passed = reports.filter((report) => report.passed).length;
	const left = skipped.length === 0 ? '' : `, ${formatCount(skipped.length)} skipped`;
	const lines = [...table(rows), `${passed} of ${formatCountOf(reports.length, 'drill')} passed${left}`];
	return inGlyphs(`${lines.join('\n')}\n`, glyphs);
}

function verdict(report: DrillReport): string {
	if (report.partial !== undefined) return `incomplete, ${report.partial}`;
	if (report.passed) return 'passed';
	const failed = report.expectations.filter((expectation) => verdictOn(expectation) === 'not met').length;
	return `failed, ${failed} of ${formatCountOf(report.expectations.length, 'expectation')} not met`;
}

function probes(report: DrillReport): string[] {
	const rows = probeRows(report, percent);
	return rows.length === 0 ? [] : [...table(rows), ...probeLines(report), ''];
}

function subjectName({subject}: DrillReport): string {
	return subject === undefined ? '' : `, subject ${subject.name}`;
}

function failures({failedCalls, hungCalls, wrongReads}: DrillReport): string {
	if (failedCalls + hungCalls + wrongReads === 0) return 'none failed, none hung, no read was wrong';
	return `${failedCalls === 0 ? 'none' : formatCount(failedCalls)} failed, ${hungCalls === 0 ? 'none' : formatCount(hungCalls)} hung, ${wrongReads === 0 ? 'no read was' : formatCountOf(wrongReads, 'read')} wrong`;
}

function skipped({skippedCalls}: DrillReport): string[] {
	if (skippedCalls === 0) return [];
	return [`${formatCountOf(skippedCalls, 'call')} skipped: this process did not run for seconds.`];
}

function modes(report: DrillReport, arrow: string): string {
	const shown = report.modes.slice(0, maxModes).map(({mode, atMs}) => `${mode} ${seconds(atMs)}`);
	const more = report.modes.length > maxModes ? [`${report.modes.length - maxModes} more`] : [];
	return `${report.subject === undefined ? 'Modes' : 'Seen from outside'}: ${[...shown, ...more].join(` ${arrow} `)}.`;
}

function recovery({recoveryMs, modes}: DrillReport): string {
	if (modes.every(({mode}) => mode === 'connected')) return 'The cache was connected all the time.';
	if (recoveryMs === null) return 'The cache did not connect again after the last fault.';
	return `Recovered ${formatLatency(recoveryMs)} after the last fault was lifted.`;
}

function share(report: DrillReport, field: 'availability' | 'hitRatio'): string {
	return report.calls === 0 ? 'no data' : percent(report[field]);
}

function journal({journal: {max, overflowed, reconciled}}: DrillReport): string {
	const overflow =
		overflowed === 0
			? 'never overflowed'
			: `overflowed ${overflowed === 1 ? 'once' : `${formatCount(overflowed)} times`}`;
	return `journal: ${formatCountOf(max, 'key')} at most, ${formatCount(reconciled)} reconciled, ${overflow}`;
}

function quantiles({p50, p99, max}: DrillReport['settleMs']): string[] {
	return max === 0 ? ['no data', 'no data', 'no data'] : [p50, p99, max].map(formatLatency);
}

function expectations(report: DrillReport, glyphs: GlyphSet): string[] {
	const rows = report.expectations.map((expectation) => {
		const verdict = verdictOn(expectation);
		const {name, actual, toleratedMs} = expectation;
		const late =
			toleratedMs === undefined
				? ''
				: `, ${formatLatency(toleratedMs)} above the limit, tolerated: timers of this machine fired late`;
		return [marks[glyphs][verdict], name, verdictWords[verdict], `was ${shown(actual)}${late}`];
	});
	return table(rows);
}

function leftOut({leftOut: some = []}: DrillReport, glyphs: GlyphSet): string[] {
	return table(some.map(({name, reason}) => [marks[glyphs].undecided, name, `left out: ${reason}`]));
}

function shown(value: ExpectationResult['actual']): string {
	if (value === undefined) return 'not measured';
	return typeof value === 'number' ? String(Math.round(value * 1_000_000) / 1_000_000) : String(value);
}

/** A share, rounded down: an availability below its limit is not shown as the limit. */
function percent(share: number): string {
	// 0.57 * 100_000 is less than 57_000.
	return formatPercent(Math.floor(share * 100_000 + 1e-6) / 100_000, 3, 'drop');
}

/** A point in time of a drill: `3.2 s`. */
function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

/** Formats rows in columns as wide as their widest cell, two spaces apart and indented by two. */
function table(rows: readonly (readonly string[])[]): string[] {
	const widths: number[] = [];
	for (const row of rows)
		row.forEach((cell, column) => {
			widths[column] = Math.max(widths[column] ?? 0, cell.length);
		});
	return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
