import type {EngineOptions} from '../../../engine/protocol.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import type {TapSettings} from '../../settings/tap-settings.js';
import type {TapMode} from '../choose-mode.js';
import {engineOptions} from '../engine-options.js';

/**
 * Runs the tap until its time is over, a signal comes, or the user quits. Returns the exit code.
 *
 * @throws {EngineError} It cannot listen, or cannot reach Redis.
 */
export async function runTap(mode: TapMode, settings: Settings, output: Output): Promise<number> {
	const {tap} = mode;
	switch (mode.view) {
		case 'dashboard':
			return (await import('./tap-dashboard.js')).showTap(tap, settings, output);
		case 'lines':
			return (await import('./tap-lines.js')).printTap(tap, mode.format, settings, output);
		case 'once':
			return (await import('./tap-once.js')).printTapOnce(tap, mode.format, settings, output);
	}
}

/** @param hz Snapshots a second. */
export function tapEngineOptions(
	{listen, hideKeys, probes}: TapSettings,
	settings: Settings,
	hz: number,
): EngineOptions {
	return {...engineOptions(settings, {workload: false, hz}), tap: {listen, hideKeys}, probes, hideKeys};
}
