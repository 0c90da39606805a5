import {startEngine} from '../engine/start-engine.js';
import {engineOptions} from './engine-options.js';
import type {Output} from './output.js';
import type {Settings} from './settings.js';

/** Shows the dashboard until the user leaves. */
export async function runDashboardMode(settings: Settings, output: Output): Promise<number> {
	// The engine starts its server while React is being loaded: together they would be the slowest part of the start.
	const starting = startEngine(engineOptions(settings, {workload: true, hz: settings.fps}));
	const loading = import('../ui/run-dashboard.js');
	const [engine, dashboard] = await Promise.allSettled([starting, loading]);
	if (engine.status === 'rejected') throw engine.reason;
	try {
		if (dashboard.status === 'rejected') throw dashboard.reason;
		const {exitCode, message} = await dashboard.value.runDashboard(engine.value, {
			theme: settings.theme,
			fps: settings.fps,
		});
		if (message !== undefined) output.err(`redis-cache-tui: ${message}\n`);
		return exitCode;
	} finally {
		await engine.value.close();
	}
}
