import type {EngineOptions} from '../../../engine/protocol.js';
import type {Settings} from '../../settings/settings.js';
import type {TapSettings} from '../../settings/tap-settings.js';
import {engineOptions} from '../engine-options.js';

/** @param hz Snapshots a second. */
export function tapEngineOptions(
	{listen, hideKeys, probes}: TapSettings,
	settings: Settings,
	hz: number,
): EngineOptions {
	return {...engineOptions(settings, {workload: false, hz}), tap: {listen, hideKeys}, probes, hideKeys};
}
