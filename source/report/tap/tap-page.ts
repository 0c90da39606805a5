import {drillSection} from '../html/drill/drill-section.js';
import {findingList} from '../html/findings.js';
import {heading} from '../html/heading.js';
import {type Html, html} from '../html/html.js';
import {page} from '../html/page.js';
import {facts, table} from '../html/table.js';
import {tapCharts} from '../html/tap/tap-charts.js';
import {wireOf} from '../html/wire.js';
import {drillWords, verdictWords} from '../words.js';
import type {TapResult} from './tap-result.js';
import {type TapTable, tapFacts, tapTables} from './tap-tables.js';
import {isHealthy, outageSentence, tapSentence, tapVerdict} from './tap-words.js';

/** Formats the result of a tap as a page: one file without scripts and external resources. */
export function tapPage(result: TapResult): string {
	const {application, course, faults, drill} = result;
	const {findings, outage} = application;
	const verdict = tapVerdict(result);
	const isFine = isHealthy(result);
	const body = html`<h1><span class="${isFine ? 'good' : 'bad'}">${isFine ? '✓' : '✗'}</span> Application: ${verdict}</h1>
<p class="lead">${tapSentence(result)}</p>
${heading(2, 'Findings')}${findings.length === 0 ? html`<p>None.</p>\n` : findingList(findings, 3)}
${course !== undefined && course.slots.length > 0 && html`${heading(2, 'Time lines')}${tapCharts(course, faults)}`}
${outage?.wire && html`${heading(2, 'In the last outage')}<p>${outageSentence(result)}</p>\n${wireOf('the last outage', outage.wire)}`}
${drill && html`${heading(2, `Last drill: ${drillWords(drill.report)}, ${verdictWords(drill.report)}`)}${drillSection('drill', 3, drill)}`}
${heading(2, 'Figures')}${facts(tapFacts(result))}
${tapTables(result).map(listOf)}`;
	return page({title: `${application.listen}: ${verdict}`, body});
}

function listOf({title, heads, rows}: TapTable): Html {
	const columns = heads.map((head, index) => ({
		title: head,
		kind: index === 0 ? ('text' as const) : ('number' as const),
	}));
	return html`${heading(2, title)}${table({label: title, columns, rows: rows.map(([first = '', ...rest]) => [html`<code>${first}</code>`, ...rest])})}
`;
}
