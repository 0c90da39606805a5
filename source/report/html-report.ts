import {formatLatency} from '../text/duration.js';
import {formatCount} from '../text/number.js';
import {drillSection} from './html/drill/drill-section.js';
import {type Html, html} from './html/html.js';
import {page} from './html/page.js';
import {table} from './html/table.js';
import type {DrillResult} from './input/drill-result.js';
import type {SkippedDrill} from './input/skipped-drill.js';
import {drillWords, totalWords, verdictWords} from './words.js';

/** Formats one drill as a page: one file without scripts and external resources. */
export function htmlReport(result: DrillResult): string {
	const title = `${drillWords(result.report)}: ${verdictWords(result.report)}`;
	return page({title, body: html`<h1>${verdict(result)}</h1>\n${drillSection('drill', 2, result)}`});
}

/** Formats several drills as one page: a table of all, then one section per drill. */
export function htmlReportOfAll(results: readonly DrillResult[], skipped: readonly SkippedDrill[] = []): string {
	const title = totalWords(
		results.map(({report}) => report),
		skipped.length,
	);
	const sections = results.map(
		(result, index) => html`<section class="drill" id="drill-${index + 1}" aria-labelledby="drill-${index + 1}-name">
<h2 id="drill-${index + 1}-name">${verdict(result)}</h2>
${drillSection(`drill-${index + 1}`, 3, result)}</section>
`,
	);
	return page({title, body: html`<h1>${title}</h1>\n${summary(results, skipped)}\n${sections}`});
}

function verdict({report}: DrillResult): Html {
	return html`<span class="${report.passed ? 'good' : 'bad'}">${report.passed ? '✓' : '✗'}</span> ${drillWords(report)}: ${verdictWords(report)}`;
}

function summary(results: readonly DrillResult[], skipped: readonly SkippedDrill[]): Html {
	const numbers = ['Calls', 'Failed', 'Hung', 'Wrong', 'p99', 'Recovery'];
	return table({
		label: 'All drills',
		columns: [{title: 'Drill'}, {title: 'Verdict'}, ...numbers.map((title) => ({title, kind: 'number' as const}))],
		rows: [
			...results.map(({report}, index) => [
				html`<a href="#drill-${index + 1}">${report.drill}</a>`,
				html`<span class="${report.passed ? 'good' : 'bad'}">${report.passed ? '✓' : '✗'}</span> ${verdictWords(report)}`,
				formatCount(report.calls),
				formatCount(report.failedCalls),
				formatCount(report.hungCalls),
				formatCount(report.wrongReads),
				formatLatency(report.settleMs.p99),
				report.recoveryMs === null ? '–' : formatLatency(report.recoveryMs),
			]),
			...skipped.map(({drill, reason}) => [drill, html`<span class="soft">– skipped, ${reason}</span>`]),
		],
	});
}
