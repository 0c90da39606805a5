import {appendFile, stat} from 'node:fs/promises';
import {oneLine} from '../../engine/one-line.js';
import type {DrillResult} from '../../report/input/drill-result.js';
import type {SkippedDrill} from '../../report/input/skipped-drill.js';
import type {Output} from '../output.js';
import type {ReportFormat} from './choose-mode.js';

/** The drills that ran, and those that did not. */
type Series = {
	readonly results: readonly DrillResult[];
	readonly skipped: readonly SkippedDrill[];
	/** True if all drills were asked for: then there is a summary, even of one. */
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
		case 'github':
			await printForGithub(results, skipped, output);
			return;
		case 'text': {
			const {textReport, textSummary} = await import('../../report/text-report.js');
			const {glyphs} = output;
			const texts = reports.map((report) => textReport(report, {glyphs}));
			output.out([...texts, ...(isAll ? [textSummary(reports, skipped, {glyphs})] : [])].join('\n'));
		}
	}
}

/**
 * Appends the job summary to the file that GitHub Actions names, and prints annotations, which it reads from standard
 * output. Elsewhere the summary is printed as well.
 */
async function printForGithub(
	results: readonly DrillResult[],
	skipped: readonly SkippedDrill[],
	output: Output,
): Promise<void> {
	const {githubAnnotations, githubSummary, maxSummaryBytes} = await import('../../report/github-report.js');
	const path = process.env.GITHUB_STEP_SUMMARY;
	if (!path) {
		output.data(githubSummary(results, skipped));
	} else {
		try {
			// Other programs of the same step may have written to it.
			const {size} = await stat(path).catch(() => ({size: 0}));
			await appendFile(path, githubSummary(results, skipped, maxSummaryBytes - size));
		} catch (error) {
			// The verdict and its exit code must not be lost for want of a summary.
			output.err(`redis-cache-tui: $GITHUB_STEP_SUMMARY cannot be written: ${oneLine(error)}\n`);
			output.data(githubSummary(results, skipped));
		}
	}
	output.data(githubAnnotations(results));
}
