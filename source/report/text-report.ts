import type {DrillReport} from '../drills/drill-report.js';
import {type GlyphSet, inGlyphs} from '../text/glyph-set.js';
import {printable} from '../text/printable.js';
import {findingLines} from './finding-lines.js';
import type {SkippedDrill} from './input/skipped-drill.js';
import {probeLines, probeRows} from './probe-lines.js';
import {returnedLines} from './subject-lines.js';
import {verdictOn} from './verdict.js';
import {slowestRows, wireLines} from './wire-lines.js';
import {
	actualWords,
	callsWords,
	journalWords,
	modesWords,
	notesOf,
	ownLatenessWords,
	recoveryWords,
	serverWords,
	shareWords,
	timeRows,
	totalWords,
	verdictWords,
} from './words.js';

type TextReportOptions = {
	/** `ascii`: only ASCII characters, with `ok` and `FAIL` instead of ✓ and ✗. Default `unicode`. */
	readonly glyphs?: GlyphSet;
};

const marks = {
	unicode: {met: '✓', 'not met': '✗', undecided: '-'},
	ascii: {met: 'ok', 'not met': 'FAIL', undecided: '-'},
} as const;

const expectationWords = {met: 'met', 'not met': 'NOT MET', undecided: 'not decided'} as const;

/** Formats a report for people. Ends with a line feed. */
export function textReport(report: DrillReport, {glyphs = 'unicode'}: TextReportOptions = {}): string {
	const skipped = ownLatenessWords(report);
	const lines = [
		`${report.drill} on ${serverWords(report)}: ${verdictWords(report)}`,
		'',
		callsWords(report),
		...(skipped === undefined ? [] : [skipped]),
		...(report.application === undefined
			? [modesWords(report, glyphs === 'unicode' ? '→' : '->'), recoveryWords(report)]
			: []),
		...notesOf(report).map((note) => `Note: ${note}`),
		'',
		...table([['', 'p50', 'p99', 'max'], ...timeRows(report)]),
		...ofCache(report),
		'',
		...probes(report),
		...wire(report),
		...expectations(report, glyphs),
	];
	return inGlyphs(`${lines.join('\n')}\n`, glyphs);
}

/** Lines about the cache, or about the values of a subject that came back. None for an application with its own traffic. */
function ofCache(report: DrillReport): string[] {
	if (report.application !== undefined) return [];
	return [
		`availability ${shareWords(report, 'availability')}, hit ratio ${shareWords(report, 'hitRatio')}`,
		...(report.subject === undefined ? [`journal: ${journalWords(report)}`] : returnedLines(report)),
	];
}

/** Formats a summary of several drills, one line for each. Ends with a line feed. */
export function textSummary(
	reports: readonly DrillReport[],
	skipped: readonly SkippedDrill[] = [],
	{glyphs = 'unicode'}: TextReportOptions = {},
): string {
	const rows = [
		...reports.map((report) => [marks[glyphs][report.passed ? 'met' : 'not met'], report.drill, verdictWords(report)]),
		...skipped.map(({drill, reason}) => [marks[glyphs].undecided, drill, `skipped, ${reason}`]),
	];
	return inGlyphs(`${[...table(rows), totalWords(reports, skipped.length)].join('\n')}\n`, glyphs);
}

function probes(report: DrillReport): string[] {
	const rows = probeRows(report);
	return rows.length === 0 ? [] : [...table(rows), ...probeLines(report), ''];
}

function wire({wire, findings = []}: DrillReport): string[] {
	if (wire === undefined) return [];
	return [
		'At the wire:',
		...wireLines(wire).map((line) => `  ${line}`),
		...table(slowestRows(wire)),
		'',
		...findingLines(findings).map(printable),
		'',
	];
}

function expectations(report: DrillReport, glyphs: GlyphSet): string[] {
	const rows = report.expectations.map((expectation) => {
		const verdict = verdictOn(expectation);
		return [marks[glyphs][verdict], expectation.name, expectationWords[verdict], `was ${actualWords(expectation)}`];
	});
	const leftOut = (report.leftOut ?? []).map(({name, reason}) => [
		marks[glyphs].undecided,
		name,
		`left out: ${reason}`,
	]);
	return table([...rows, ...leftOut]);
}

/**
 * Formats rows in columns as wide as their widest cell, two spaces apart and indented by two. The last cell of a row takes the
 * rest of the line.
 */
function table(rows: readonly (readonly string[])[]): string[] {
	const widths: number[] = [];
	for (const row of rows)
		row.slice(0, -1).forEach((cell, column) => {
			widths[column] = Math.max(widths[column] ?? 0, cell.length);
		});
	return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
