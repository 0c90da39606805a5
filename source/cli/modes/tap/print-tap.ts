import type {EngineClient} from '../../../engine/protocol.js';
import {type TapResult, tapResultOf} from '../../../report/tap/tap-result.js';
import type {Output} from '../../output.js';
import type {TapFormat} from '../choose-mode.js';
import {printForGithub} from '../print-for-github.js';
import {waitForSnapshot} from '../wait-for-snapshot.js';

/** Snapshots a second while one is waited for. */
const newestHz = 10;

/** What is known of the application now; of a failed engine, what was known last. Undefined if nothing was. */
export async function tapResult(engine: EngineClient): Promise<TapResult | undefined> {
	const seen = engine.latest()?.seq ?? -1;
	// A paused dashboard gets no snapshots.
	engine.setRate(newestHz);
	const snapshot = await waitForSnapshot(engine, ({seq}) => seq > seen + 1).catch(() => engine.latest());
	const course = await engine.trafficCourse();
	return snapshot && tapResultOf(snapshot, course);
}

/** Prints the report of a tap. Imports only what the format needs. */
export async function printTapReport(result: TapResult, format: TapFormat, output: Output): Promise<void> {
	switch (format) {
		case 'json':
			output.data(`${JSON.stringify({...result.application, live: undefined}, null, 2)}\n`);
			return;
		case 'html': {
			const {tapPage} = await import('../../../report/tap/tap-page.js');
			output.data(tapPage(result));
			return;
		}
		case 'github': {
			const {tapAnnotations, tapSummary} = await import('../../../report/tap/tap-summary.js');
			await printForGithub((maxBytes) => tapSummary(result, maxBytes), tapAnnotations(result), output);
			return;
		}
		case 'text': {
			const {tapReport} = await import('../../../report/tap/tap-text.js');
			output.out(tapReport(result.application));
		}
	}
}
