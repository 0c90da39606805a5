import type {EngineOptions} from '../../engine/protocol.js';
import type {Settings} from '../settings/settings.js';

/** Options of the engine. On a Redis that this program did not start, no traffic runs before someone asks for it. */
export function engineOptions(
	settings: Settings,
	run: {readonly workload: boolean; readonly hz: number},
): EngineOptions {
	const {ca, cert, key, insecure} = settings;
	return {
		...(settings.url === undefined ? {} : {url: settings.url}),
		tls: {ca, cert, key, insecure},
		deadlineMs: settings.deadline,
		embedded: settings.embedded,
		readOnly: settings.readOnly,
		namespace: settings.namespace,
		workload: {
			running: run.workload && settings.url === undefined && !settings.readOnly,
			rate: settings.rate,
			keys: settings.keys,
		},
		hz: run.hz,
		scanRate: settings.scanRate,
	};
}
