import type {EngineClient} from '../../engine/protocol.js';
import {HistoryFile} from '../history-file.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';

/**
 * Shows the dashboard of an engine, with the settings of the user. If it ends with an error, prints the reason. Returns the
 * exit code.
 *
 * @param signal When aborted, the dashboard ends with the exit code of an interrupt.
 */
export async function showDashboard(
	client: EngineClient,
	settings: Settings,
	output: Output,
	signal?: AbortSignal,
): Promise<number> {
	const {runDashboard} = await import('../../ui/run-dashboard.js');
	const {exitCode, message} = await runDashboard(client, {
		theme: settings.theme,
		delimiter: settings.delimiter,
		fps: settings.fps,
		history: new HistoryFile(),
		...(settings.glyphs && {glyphs: settings.glyphs}),
		...(signal && {signal}),
	});
	if (message !== undefined) output.err(`redis-cache-tui: ${message}\n`);
	return exitCode;
}
