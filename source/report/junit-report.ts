import type {DrillReport, ExpectationResult, LeftOutExpectation} from '../drills/drill-report.js';
import type {SkippedDrill} from './input/skipped-drill.js';
import {textReport} from './text-report.js';
import {verdictOn} from './verdict.js';

/**
 * Formats reports as JUnit XML: one suite per drill, with one case per expectation and one that shows if the drill ran to its
 * end. The suite of a drill that was not started has only the latter, as skipped.
 */
export function junitReport(reports: readonly DrillReport[], skipped: readonly SkippedDrill[] = []): string {
	const failures = reports.reduce((sum, report) => sum + failed(report).length, 0);
	const errors = reports.reduce((sum, report) => sum + errorCases(report), 0);
	const skips = skipped.length + reports.reduce((sum, report) => sum + skippedCases(report), 0);
	const tests = reports.reduce((sum, report) => sum + cases(report), skipped.length);
	const time = reports.reduce((sum, report) => sum + report.durationMs, 0);
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<testsuites name="redis-cache-tui" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skips}" time="${inSeconds(time)}">`,
		...reports.flatMap(suite),
		...skipped.flatMap(skippedSuite),
		'</testsuites>',
		'',
	].join('\n');
}

function suite(report: DrillReport): string[] {
	const time = inSeconds(report.durationMs);
	return [
		`\t<testsuite name="${escaped(report.drill)}" tests="${cases(report)}" failures="${failed(report).length}" errors="${errorCases(report)}" skipped="${skippedCases(report)}" time="${time}">`,
		`\t\t<properties><property name="server" value="${escaped(report.server)}"/></properties>`,
		...completion(report, time),
		...report.expectations.flatMap((expectation) => testCase(report, expectation)),
		...(report.leftOut ?? []).flatMap((expectation) => leftOutCase(report, expectation)),
		`\t\t<system-out>${escaped(textReport(report))}</system-out>`,
		'\t</testsuite>',
	];
}

function skippedSuite({drill, reason}: SkippedDrill): string[] {
	return [
		`\t<testsuite name="${escaped(drill)}" tests="1" failures="0" errors="0" skipped="1" time="0.000">`,
		`\t\t<testcase classname="${escaped(`drill.${drill}`)}" name="runs to its end" time="0">`,
		`\t\t\t<skipped message="${escaped(reason)}"/>`,
		'\t\t</testcase>',
		'\t</testsuite>',
	];
}

/** The case that shows if the drill ran to its end. */
function completion(report: DrillReport, time: string): string[] {
	const open = `\t\t<testcase classname="${escaped(`drill.${report.drill}`)}" name="runs to its end" time="${time}"`;
	if (report.partial === undefined) return [`${open}/>`];
	return [`${open}>`, `\t\t\t<error type="Incomplete" message="${escaped(report.partial)}"/>`, '\t\t</testcase>'];
}

function testCase(report: DrillReport, expectation: ExpectationResult): string[] {
	const {name, actual, limit, reason} = expectation;
	const verdict = verdictOn(expectation);
	const open = `\t\t<testcase classname="${escaped(`drill.${report.drill}`)}" name="${escaped(name)}" time="0"`;
	if (verdict === 'met') return [`${open}/>`];
	if (verdict === 'undecided') {
		// An interrupted drill is an error. If a drill ran to its end, skipped cases alone would count as a success.
		const outcome =
			reason === undefined
				? '<skipped message="not decided: the drill was interrupted"/>'
				: `<error type="Undecided" message="${escaped(`not decided: ${reason}`)}"/>`;
		return [`${open}>`, `\t\t\t${outcome}`, '\t\t</testcase>'];
	}
	const was = actual === undefined ? 'it was not measured' : `it was ${actual}`;
	return [
		`${open}>`,
		`\t\t\t<failure type="Expectation" message="${escaped(`expected ${name}, but ${was}`)}">limit ${escaped(String(limit))}, actual ${escaped(String(actual ?? 'none'))}</failure>`,
		'\t\t</testcase>',
	];
}

function leftOutCase({drill}: DrillReport, {name, reason}: LeftOutExpectation): string[] {
	return [
		`\t\t<testcase classname="${escaped(`drill.${drill}`)}" name="${escaped(name)}" time="0">`,
		`\t\t\t<skipped message="${escaped(`left out: ${reason}`)}"/>`,
		'\t\t</testcase>',
	];
}

/** The number of cases: one per expectation, and one that shows if the drill ran to its end. */
function cases({expectations, leftOut = []}: DrillReport): number {
	return expectations.length + leftOut.length + 1;
}

function skippedCases(report: DrillReport): number {
	return undecided(report).filter(({reason}) => reason === undefined).length + (report.leftOut?.length ?? 0);
}

/** The number of cases with an error: the drill did not run to its end, or it did and expectations are undecided. */
function errorCases(report: DrillReport): number {
	return undecided(report).filter(({reason}) => reason !== undefined).length + (report.partial === undefined ? 0 : 1);
}

function failed(report: DrillReport): readonly ExpectationResult[] {
	return report.expectations.filter((expectation) => verdictOn(expectation) === 'not met');
}

function undecided(report: DrillReport): readonly ExpectationResult[] {
	return report.expectations.filter((expectation) => verdictOn(expectation) === 'undecided');
}

function inSeconds(ms: number): string {
	return (ms / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** Escapes text for attributes and elements, and replaces characters that XML does not allow. */
function escaped(text: string): string {
	return text
		.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
		.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
