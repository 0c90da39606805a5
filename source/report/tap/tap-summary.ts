import type {Finding} from '../../tap/findings/finding.js';
import {data, fitted, maxAnnotations, maxSummaryBytes, property, table, text} from '../github-markdown.js';
import {wireLines} from '../wire-lines.js';
import type {TapResult} from './tap-result.js';
import {tapFacts, tapTables} from './tap-tables.js';
import {isHealthy, outageSentence, tapSentence, tapVerdict} from './tap-words.js';

const commands = {serious: 'error', warning: 'warning', info: 'notice'} as const;

/**
 * Formats the result of a tap as a job summary of GitHub Actions, in Markdown. If not all parts fit, the last ones are left
 * out, and the last line says so.
 *
 * @param maxBytes Maximum length of the summary in bytes. Default: 1 MiB, the limit of GitHub.
 */
export function tapSummary(result: TapResult, maxBytes: number = maxSummaryBytes): string {
	const {findings, outage} = result.application;
	const head = [
		`## ${isHealthy(result) ? '✅' : '❌'} Application: ${text(tapVerdict(result))}`,
		'',
		text(tapSentence(result)),
		'',
	];
	const list = findings.flatMap(({id, level, title, evidence, why, advice}) => [
		`- **${level}: ${text(title)}** (${text(id)}): ${text([evidence, why, advice].join(' '))}`,
	]);
	const wire = outage?.wire;
	return fitted(
		[
			`${[...head, ...list, ''].join('\n')}\n`,
			...(wire === undefined
				? []
				: [
						lines(
							'In the last outage',
							[outageSentence(result) ?? '', ...wireLines(wire)].map((line) => `- ${text(line)}`),
						),
					]),
			lines('Figures', table(['', ''], tapFacts(result))),
			...tapTables(result).map(({title, heads, rows}) => lines(title, table(heads, rows))),
		],
		maxBytes,
	);
}

/** Annotations as workflow commands: one per finding, the most serious first. */
export function tapAnnotations({application: {findings}}: TapResult): string {
	const shown = findings.slice(0, findings.length > maxAnnotations ? maxAnnotations - 1 : maxAnnotations);
	const more = findings.length - shown.length;
	return [...shown.map(annotation), ...(more > 0 ? [`::notice::${more} more findings\n`] : [])].join('');
}

function annotation({id, level, title, evidence, advice}: Finding): string {
	return `::${commands[level]} title=${property(`finding ${id}`)}::${data(`${title}. ${evidence} ${advice}`)}\n`;
}

function lines(title: string, rows: readonly string[]): string {
	return `### ${title}\n\n${rows.join('\n')}\n\n`;
}
