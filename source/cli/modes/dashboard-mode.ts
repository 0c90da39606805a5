import {launchEngine} from '../../engine/start-engine.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';
import {engineOptions} from './engine-options.js';

/** Shows the dashboard until the user quits. Returns the exit code. */
export async function runDashboardMode(settings: Settings, output: Output): Promise<number> {
	// The engine starts in its thread while React is loaded. The first frame waits neither for it nor for its server.
	const {client} = launchEngine(engineOptions(settings, {workload: true, hz: settings.fps}));
	try {
		const {runDashboard} = await import('../../ui/run-dashboard.js');
		const {exitCode, message} = await runDashboard(client, {
			theme: settings.theme,
			delimiter: settings.delimiter,
			fps: settings.fps,
			...(settings.glyphs && {glyphs: settings.glyphs}),
		});
		if (message !== undefined) output.err(`redis-cache-tui: ${message}\n`);
		return exitCode;
	} finally {
		await client.close();
	}
}
