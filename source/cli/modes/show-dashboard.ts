import type {EngineClient} from '../../engine/protocol.js';
import {HistoryFile} from '../history-file.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';

/**
 * Draws the dashboard of an engine, with the settings of the user. Prints the reason if it ends by an error, and returns
 * the exit code.
 *
 * @param signal Ends it, with the code of an interrupt.
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
