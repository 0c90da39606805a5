import {normalize} from 'node:path';
import type {DrillReport} from '../drills/drill-report.js';
import {formatLatency} from '../text/duration.js';
import {formatCount} from '../text/number.js';
import {data, fitted, maxAnnotations, maxSummaryBytes, property, table, text} from './github-markdown.js';
import type {DrillResult} from './input/drill-result.js';
import type {SkippedDrill} from './input/skipped-drill.js';
import {probeLines, probeRows} from './probe-lines.js';
import {returnedLines} from './subject-lines.js';
import {verdictOn} from './verdict.js';
import {slowestRows, wireLines} from './wire-lines.js';
import {
	actualWords,
	callsWords,
	drillWords,
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

const verdictMarks = {met: '✅ met', 'not met': '❌ not met', undecided: '➖ not decided'} as const;

/**
 * Formats drills as a job summary of GitHub Actions, in Markdown. If not all sections fit, the last ones are left out, and the
 * last line says so.
 *
 * @param maxBytes Maximum length of the summary in bytes. Default: 1 MiB, the limit of GitHub.
 */
export function githubSummary(
	results: readonly DrillResult[],
	skipped: readonly SkippedDrill[] = [],
	maxBytes: number = maxSummaryBytes,
): string {
	const reports = results.map(({report}) => report);
	const head = [`## Drills: ${totalWords(reports, skipped.length)}`, '', ...overview(reports, skipped), ''].join('\n');
	const sections = results.map((result) => `${section(result).join('\n')}\n`);
	return fitted([`${head}\n`, ...sections], maxBytes);
}

/** Annotations as workflow commands: one per expectation that was not met or is undecided, and one per unfinished drill. */
export function githubAnnotations(results: readonly DrillResult[]): string {
	const errors = results.flatMap(({report, file}) => {
		// GitHub expects a path relative to the root of the repository, without a leading `./`.
		const place = file === undefined ? '' : ` file=${property(normalize(file))}`;
		const failed = report.expectations.filter((expectation) => verdictOn(expectation) === 'not met');
		const undecided = report.expectations.filter(({reason}) => reason !== undefined);
		return [
			...(report.partial === undefined ? [] : [report.partial]),
			...failed.map((expectation) => `expected ${expectation.name}, but it was ${actualWords(expectation)}`),
			...undecided.map((expectation) => `${expectation.name} was not decided, it was ${actualWords(expectation)}`),
		].map(
			(message) =>
				`::error${place}${place === '' ? ' ' : ','}title=${property(`drill ${report.drill}`)}::${data(message)}\n`,
		);
	});
	if (errors.length <= maxAnnotations) return errors.join('');
	const left = errors.length - maxAnnotations + 1;
	return [...errors.slice(0, maxAnnotations - 1), `::error::${left} more expectations of drills were not met\n`].join(
		'',
	);
}

function probes(report: DrillReport): string[] {
	const [heads, ...rows] = probeRows(report);
	if (heads === undefined) return [];
	return [...table(heads, rows), '', ...probeLines(report).map((line) => `- ${text(line)}`), ''];
}

function wire({wire}: DrillReport): string[] {
	if (wire === undefined) return [];
	const [heads, ...rows] = slowestRows(wire);
	return [
		...wireLines(wire).map((line) => `- ${text(line)}`),
		'',
		...(heads === undefined ? [] : [...table(heads, rows), '']),
	];
}

function overview(reports: readonly DrillReport[], skipped: readonly SkippedDrill[]): string[] {
	return table(
		['Drill', 'Verdict', 'Calls', 'Failed', 'Hung', 'Wrong reads', 'p99', 'Recovery'],
		[
			...reports.map((report) => [
				report.drill,
				`${report.passed ? '✅' : '❌'} ${verdictWords(report)}`,
				...[report.calls, report.failedCalls, report.hungCalls, report.wrongReads].map((count) => formatCount(count)),
				formatLatency(report.settleMs.p99),
				report.recoveryMs === null ? '–' : formatLatency(report.recoveryMs),
			]),
			...skipped.map(({drill, reason}) => [drill, `➖ skipped, ${reason}`, '', '', '', '', '', '']),
		],
	);
}

function section({report}: DrillResult): string[] {
	const skipped = ownLatenessWords(report);
	const {findings = []} = report;
	return [
		`### ${text(drillWords(report))}: ${text(verdictWords(report))}`,
		'',
		text(`${callsWords(report)} ${recoveryWords(report)}${skipped === undefined ? '' : ` ${skipped}`}`),
		'',
		...[...returnedLines(report), ...notesOf(report).map((note) => `Note: ${note}`)].map((line) => `- ${text(line)}`),
		'',
		...table(['Expectation', 'Verdict', 'Actual'], expectationRows(report)),
		'',
		...probes(report),
		...wire(report),
		...findings.flatMap(({id, title, evidence, why, advice}) => [
			`- **${text(title)}** (${text(id)}): ${text([evidence, why, advice].join(' '))}`,
		]),
		...(findings.length === 0 ? [] : ['']),
		'<details><summary>Times, modes and journal</summary>',
		'',
		...table(['', 'p50', 'p99', 'max'], timeRows(report)),
		'',
		text(`On ${serverWords(report)}. ${modesWords(report)}`),
		text(`Availability ${shareWords(report, 'availability')}, hit ratio ${shareWords(report, 'hitRatio')}.`),
		...(report.subject === undefined ? [text(`Journal: ${journalWords(report)}.`)] : []),
		'',
		'</details>',
		'',
	];
}

function expectationRows({expectations, leftOut = []}: DrillReport): string[][] {
	return [
		...expectations.map((expectation) => [
			expectation.name,
			verdictMarks[verdictOn(expectation)],
			actualWords(expectation),
		]),
		...leftOut.map(({name, reason}) => [name, '➖ left out', reason]),
	];
}
