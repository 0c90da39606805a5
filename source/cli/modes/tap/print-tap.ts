import {writeFile} from 'node:fs/promises';
import {oneLine} from '../../../engine/one-line.js';
import type {EngineClient} from '../../../engine/protocol.js';
import {type TapResult, tapResultOf} from '../../../report/tap/tap-result.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';
import type {TapFormat} from '../choose-mode.js';
import {printForGithub} from '../print-for-github.js';
import {waitForSnapshot} from '../wait-for-snapshot.js';

/** Snapshots a second while the final one is awaited. */
const newestHz = 10;

/** Maximum age of the application's figures in a snapshot, in milliseconds. */
const staleMs = 250;

/** The current figures of the application; the last ones if the engine has failed. Undefined if there were none. */
export async function tapResult(engine: EngineClient): Promise<TapResult | undefined> {
	const from = Date.now() + staleMs;
	// A paused dashboard gets no snapshots.
	engine.setRate(newestHz);
	const snapshot = await waitForSnapshot(engine, ({at}) => at >= from).catch(() => engine.latest());
	const [course, recording] = await Promise.all([engine.trafficCourse(), engine.drillRecording()]);
	return snapshot && tapResultOf(snapshot, {course, recording});
}

/** Prints the report of a tap. */
export async function printTapReport(result: TapResult, format: TapFormat, output: Output): Promise<void> {
	if (format === 'text') {
		output.out(await textOf(result, format));
	} else if (format === 'github') {
		const {tapAnnotations, tapSummary} = await import('../../../report/tap/tap-summary.js');
		await printForGithub((maxBytes) => tapSummary(result, maxBytes), tapAnnotations(result), output);
	} else {
		output.data(await textOf(result, format));
	}
}

/** Writes the report to a file, and prints its path. Returns the exit code of success, unless the file cannot be written. */
export async function writeTapReport(
	result: TapResult,
	{path, format}: {readonly path: string; readonly format: TapFormat},
	output: Output,
): Promise<number> {
	try {
		await writeFile(path, await textOf(result, format));
		output.err(`redis-cache-tui: the report is in ${path}\n`);
		return exitCodes.fine;
	} catch (error) {
		output.err(`redis-cache-tui: the report cannot be written to ${path}: ${oneLine(error)}\n`);
		return exitCodes.outputFailed;
	}
}

/** Imports only what the format needs. */
async function textOf(result: TapResult, format: TapFormat): Promise<string> {
	switch (format) {
		case 'json':
			return `${JSON.stringify({...result.application, live: undefined}, null, 2)}\n`;
		case 'html':
			return (await import('../../../report/tap/tap-page.js')).tapPage(result);
		case 'github':
			return (await import('../../../report/tap/tap-summary.js')).tapSummary(result);
		case 'text':
			return (await import('../../../report/tap/tap-text.js')).tapReport(result.application);
	}
}
