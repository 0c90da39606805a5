import {startEngine} from '../../../engine/start-engine.js';
import {textReport} from '../../../report/text-report.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import type {TapSettings} from '../../settings/tap-settings.js';
import {showDashboard} from '../show-dashboard.js';
import {printTapReport, tapResult} from './print-tap.js';
import {tapEngineOptions} from './run-tap.js';

/**
 * Shows the dashboard of the application until the user quits, or the time is over. What it saw stays in the terminal as
 * a report. Returns the exit code.
 *
 * @throws {EngineError} It cannot listen, or cannot reach Redis.
 */
export async function showTap(tap: TapSettings, settings: Settings, output: Output): Promise<number> {
	// Unlike that of our own cache, this screen is of no use before the tap listens.
	const engine = await startEngine(tapEngineOptions(tap, settings, settings.fps));
	const end = tap.forMs === undefined ? undefined : AbortSignal.timeout(tap.forMs);
	try {
		const exitCode = await showDashboard(engine, settings, output, end);
		const result = await tapResult(engine);
		if (result !== undefined && result.application.connections.opened > 0) await printTapReport(result, 'text', output);
		const drill = engine.latest()?.drill?.report;
		if (drill !== undefined) output.out(`\n${textReport(drill, {glyphs: output.glyphs})}`);
		return end?.aborted ? exitCodes.fine : exitCode;
	} finally {
		await engine.close();
	}
}
