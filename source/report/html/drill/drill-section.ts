import type {DrillReport} from '../../../drills/drill-report.js';
import type {DrillRecording} from '../../../drills/recording/drill-recording.js';
import {formatCount} from '../../../text/number.js';
import type {DrillResult} from '../../input/drill-result.js';
import {returnedLines} from '../../subject-lines.js';
import {verdictOn} from '../../verdict.js';
import {
	actualWords,
	callsWords,
	journalWords,
	notesOf,
	ownLatenessWords,
	recoveryWords,
	secondsWords,
	shareWords,
	timeRows,
} from '../../words.js';
import {findingList} from '../findings.js';
import {type HeadingLevel, heading} from '../heading.js';
import {type Html, html, type Part} from '../html.js';
import {facts, table} from '../table.js';
import {wireOf} from '../wire.js';
import {probesOf} from './probes.js';
import {settingsOf} from './settings.js';
import {timelines, timeSpanOf} from './timelines.js';

const expectationWords = {
	met: html`<span class="good">✓ met</span>`,
	'not met': html`<span class="bad">✗ not met</span>`,
	undecided: html`<span class="soft">– not decided</span>`,
} as const;

/**
 * The section of one drill, without its name and verdict.
 *
 * @param id Prefix of the element ids in the section, unique in the page.
 * @param level Level of its headings.
 */
export function drillSection(id: string, level: 2 | 3, {report, recording}: DrillResult): Html {
	const skipped = ownLatenessWords(report);
	const {findings = []} = report;
	return html`${recording && html`<p class="lead">${recording.summary}.</p>`}
<p>${callsWords(report)} ${recoveryWords(report)}${skipped && ` ${skipped}`}</p>
${returnedLines(report).map((line) => html`<p>${capitalized(line)}.</p>\n`)}${notesOf(report).map((note) => html`<p class="note">Note: ${note}</p>\n`)}
${heading(level, 'Expectations')}${expectations(report)}
${findings.length > 0 && html`${heading(level, 'Findings')}${findingList(findings, level === 2 ? 3 : 4)}`}
${recording && html`${heading(level, 'Time lines')}${timelines(id, report, recording)}`}
${report.probes && html`${heading(level, 'Probes')}${probesOf(id, timeSpanOf(report, recording), report, recording)}`}
${report.wire && html`${heading(level, 'Application at the wire')}${wireOf(report.drill, report.wire)}`}
${heading(level, 'Times')}${times(report)}
${heading(level, report.application === undefined ? 'Server and cache' : 'Server')}${outcome(report, recording)}
${recording && wrongReads(level, report, recording)}
${recording && recording.events.length > 0 && html`${heading(level, 'Events')}${events(recording)}`}
${recording && report.application === undefined && html`${heading(level, 'Settings')}${settingsOf(recording)}`}
`;
}

function capitalized(line: string): string {
	return line.charAt(0).toUpperCase() + line.slice(1);
}

function expectations({drill, expectations, leftOut = []}: DrillReport): Html {
	return table({
		label: `Expectations of ${drill}`,
		columns: [{title: 'Expectation'}, {title: 'Verdict', kind: 'word'}, {title: 'Actual'}],
		rows: [
			...expectations.map((expectation) => [
				html`<code>${expectation.name}</code>`,
				expectationWords[verdictOn(expectation)],
				actualWords(expectation),
			]),
			...leftOut.map(({name, reason}) => [
				html`<code>${name}</code>`,
				html`<span class="soft">– left out</span>`,
				reason,
			]),
		],
	});
}

function times(report: DrillReport): Html {
	return table({
		label: `Times of ${report.drill}`,
		columns: [
			{title: 'Time'},
			{title: 'p50', kind: 'number'},
			{title: 'p99', kind: 'number'},
			{title: 'max', kind: 'number'},
		],
		rows: timeRows(report),
	});
}

function outcome(report: DrillReport, recording: DrillRecording | undefined): Html {
	return facts([
		['Server', report.server],
		['Began', recording && `${new Date(recording.startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`],
		['Application at', report.application],
		['Subject', report.subject?.name],
		...(report.application === undefined ? ofCache(report) : []),
	]);
}

function ofCache(report: DrillReport): readonly (readonly [name: string, value: Part])[] {
	return [
		['Availability', shareWords(report, 'availability')],
		['Hit ratio', shareWords(report, 'hitRatio')],
		['Journal', report.subject === undefined ? journalWords(report) : undefined],
	];
}

function wrongReads(level: HeadingLevel, {drill, wrongReads}: DrillReport, recording: DrillRecording): Part {
	const shown = recording.wrongReads;
	if (shown.length === 0) return undefined;
	const title =
		shown.length < wrongReads ? `First ${shown.length} of ${formatCount(wrongReads)} wrong reads` : 'Wrong reads';
	return html`${heading(level, title)}${table({
		label: `Wrong reads of ${drill}`,
		columns: [
			{title: 'Time', kind: 'number'},
			{title: 'Key'},
			{title: 'Version returned', kind: 'number'},
			{title: 'At least expected', kind: 'number'},
		],
		rows: shown.map(({atMs, key, got, expected}) => [secondsWords(atMs), html`<code>${key}</code>`, got, expected]),
	})}`;
}

function events({events}: DrillRecording): Html {
	return table({
		label: 'Events',
		columns: [{title: 'Time', kind: 'number'}, {title: 'Event'}],
		rows: events.map(({atMs, level, text, count}) => [
			secondsWords(atMs),
			html`${level !== 'info' && html`<span class="bad">${level === 'warn' ? 'warning' : 'error'}</span> `}${text}${count > 1 && html` <span class="soft">×${count}</span>`}`,
		]),
	});
}
