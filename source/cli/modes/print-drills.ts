import type {DrillResult} from '../../report/input/drill-result.js';
import type {SkippedDrill} from '../../report/input/skipped-drill.js';
import type {Output} from '../output.js';
import type {ReportFormat} from './choose-mode.js';
import {printForGithub} from './print-for-github.js';

/** The drills that ran, and those that did not. */
type Series = {
	readonly results: readonly DrillResult[];
	readonly skipped: readonly SkippedDrill[];
	/** True if all drills were requested: a summary is then printed even if only one ran. */
	readonly isAll: boolean;
};

/** Prints a report of drills that ran. Imports only what the format needs. */
export async function printReport({results, skipped, isAll}: Series, as: ReportFormat, output: Output): Promise<void> {
	const [first] = results;
	const reports = results.map(({report}) => report);
	switch (as) {
		case 'json': {
			const {jsonReport} = await import('../../report/json-report.js');
			output.data(jsonReport(isAll || !first ? reports : first.report));
			return;
		}
		case 'junit': {
			const {junitReport} = await import('../../report/junit-report.js');
			output.data(junitReport(reports, skipped));
			return;
		}
		case 'html': {
			const {htmlReport, htmlReportOfAll} = await import('../../report/html-report.js');
			output.data(isAll || !first ? htmlReportOfAll(results, skipped) : htmlReport(first));
			return;
		}
		case 'github': {
			const {githubAnnotations, githubSummary} = await import('../../report/github-report.js');
			await printForGithub((maxBytes) => githubSummary(results, skipped, maxBytes), githubAnnotations(results), output);
			return;
		}
		case 'text': {
			const {textReport, textSummary} = await import('../../report/text-report.js');
			const {glyphs} = output;
			const texts = reports.map((report) => textReport(report, {glyphs}));
			output.out([...texts, ...(isAll ? [textSummary(reports, skipped, {glyphs})] : [])].join('\n'));
		}
	}
}
