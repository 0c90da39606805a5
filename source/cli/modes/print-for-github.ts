import {appendFile, stat} from 'node:fs/promises';
import {oneLine} from '../../engine/one-line.js';
import {maxSummaryBytes} from '../../report/github-markdown.js';
import type {Output} from '../output.js';

/**
 * Appends the job summary to the file that GitHub Actions names, and prints annotations, which it reads from standard
 * output. Elsewhere the summary is printed as well.
 *
 * @param summaryOf Returns a summary of at most this many bytes.
 */
export async function printForGithub(
	summaryOf: (maxBytes: number) => string,
	annotations: string,
	output: Output,
): Promise<void> {
	const path = process.env.GITHUB_STEP_SUMMARY;
	if (!path) {
		output.data(summaryOf(maxSummaryBytes));
	} else {
		try {
			// Other programs of the same step may have written to it.
			const {size} = await stat(path).catch(() => ({size: 0}));
			await appendFile(path, summaryOf(maxSummaryBytes - size));
		} catch (error) {
			// Without a summary, the verdict and its exit code must still be reported.
			output.err(`redis-cache-tui: $GITHUB_STEP_SUMMARY cannot be written: ${oneLine(error)}\n`);
			output.data(summaryOf(maxSummaryBytes));
		}
	}
	output.data(annotations);
}
