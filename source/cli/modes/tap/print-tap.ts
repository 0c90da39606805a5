import type {ApplicationSnapshot, EngineClient} from '../../../engine/protocol.js';
import {tapReport} from '../../../report/tap-report.js';
import type {Output} from '../../output.js';
import type {TapFormat} from '../choose-mode.js';
import {waitForSnapshot} from '../wait-for-snapshot.js';

/** Snapshots a second while one is waited for. */
const newestHz = 10;

/** What is known of the application now. Undefined if the engine has failed. */
export async function newestTap(engine: EngineClient): Promise<ApplicationSnapshot | undefined> {
	const seen = engine.latest()?.seq ?? -1;
	// A paused dashboard gets no snapshots.
	engine.setRate(newestHz);
	const snapshot = await waitForSnapshot(engine, ({seq}) => seq > seen + 1).catch(() => engine.latest());
	return snapshot?.application;
}

/** Prints the report of a tap. Imports only what the format needs. */
export async function printTapReport(
	_engine: EngineClient,
	report: ApplicationSnapshot,
	format: TapFormat,
	output: Output,
): Promise<void> {
	switch (format) {
		case 'json':
			output.data(`${JSON.stringify({...report, live: undefined}, null, 2)}\n`);
			return;
		case 'text':
		case 'html':
		case 'github':
			output.out(tapReport(report));
	}
}
