import {launchEngine} from '../../engine/start-engine.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';
import {UsageError} from '../settings/usage-error.js';
import {engineOptions} from './engine-options.js';
import {showDashboard} from './show-dashboard.js';

/**
 * Shows the dashboard until the user quits. Returns the exit code.
 *
 * @throws {UsageError} The terminal does not support control sequences.
 */
export async function runDashboardMode(settings: Settings, output: Output): Promise<number> {
	// The output for screen readers also needs control sequences, since its lines replace each other.
	if (process.env.TERM === 'dumb')
		throw new UsageError(
			'this terminal cannot draw the dashboard (TERM=dumb): use another terminal, --once for a snapshot, or drill for the drills',
		);
	// The engine starts in its thread while React is loaded. The first frame waits neither for it nor for its server.
	const {client} = launchEngine(engineOptions(settings, {workload: true, hz: settings.fps}));
	try {
		return await showDashboard(client, settings, output);
	} finally {
		await client.close();
	}
}
