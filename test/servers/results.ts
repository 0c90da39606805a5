import {readFile} from 'node:fs/promises';

export type Results = {
	readonly passed: number;
	/** Tests, and files that could not be run. */
	readonly failed: number;
	readonly skipped: number;
	/** One line each. */
	readonly failures: readonly string[];
};

/** The part of Vitest's JSON report that is used here. */
type Report = {
	readonly numPassedTests: number;
	readonly numPendingTests: number;
	readonly testResults: readonly {
		readonly name: string;
		readonly status: string;
		readonly message: string;
		readonly assertionResults: readonly {
			readonly status: string;
			readonly fullName: string;
			readonly failureMessages: readonly string[];
		}[];
	}[];
};

/** Reads Vitest's JSON report. A missing one counts as one failure: the run ended before it was written. */
export async function readResults(path: string): Promise<Results> {
	let report: Report;
	try {
		report = JSON.parse(await readFile(path, 'utf8')) as Report;
	} catch {
		return {passed: 0, failed: 1, skipped: 0, failures: ['the test run ended without a report']};
	}
	const failures: string[] = [];
	for (const {name, status, message, assertionResults} of report.testResults) {
		const file = name.replace(/^.*\/test\//, 'test/');
		const failed = assertionResults.filter((result) => result.status === 'failed');
		for (const {fullName, failureMessages} of failed)
			failures.push(`${file}: ${fullName}: ${failureMessages[0]?.split('\n')[0] ?? ''}`);
		if (failed.length === 0 && status === 'failed') failures.push(`${file}: ${message.split('\n')[0] ?? ''}`);
	}
	const {numPassedTests: passed, numPendingTests: skipped} = report;
	return {passed, failed: failures.length, skipped, failures};
}
