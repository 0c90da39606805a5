import {startEngine} from '../../../engine/start-engine.js';
import {textReport} from '../../../report/text-report.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import type {TapSettings} from '../../settings/tap-settings.js';
import type {TapFormat} from '../choose-mode.js';
import {showDashboard} from '../show-dashboard.js';
import {printTapReport, tapResult, writeTapReport} from './print-tap.js';
import {tapEngineOptions} from './tap-engine-options.js';

/**
 * Shows the dashboard of the application until the user quits or the time is over, then prints a report that stays in the
 * terminal. Returns the exit code.
 *
 * @throws {EngineError} The tap cannot listen, or cannot reach Redis.
 */
export async function showTap(
	tap: TapSettings,
	format: TapFormat,
	settings: Settings,
	output: Output,
): Promise<number> {
	// Unlike the dashboard of our own cache, this one is of no use before the tap listens.
	const engine = await startEngine(tapEngineOptions(tap, settings, settings.fps));
	const end = tap.forMs === undefined ? undefined : AbortSignal.timeout(tap.forMs);
	try {
		const exitCode = await showDashboard(engine, settings, output, end);
		const result = await tapResult(engine);
		if (result !== undefined && result.application.connections.opened > 0) await printTapReport(result, 'text', output);
		if (result?.drill !== undefined) output.out(`\n${textReport(result.drill.report, {glyphs: output.glyphs})}`);
		const isWritten =
			result !== undefined && tap.output !== undefined
				? await writeTapReport(result, {path: tap.output, format}, output)
				: exitCodes.fine;
		return end?.aborted || exitCode === exitCodes.fine ? isWritten : exitCode;
	} finally {
		await engine.close();
	}
}
