import type {EngineOptions} from '../../engine/protocol.js';
import type {Settings} from '../settings/settings.js';

/** Options of the engine. On a Redis that this program did not start, no traffic runs until it is requested. */
export function engineOptions(
	settings: Settings,
	run: {readonly workload: boolean; readonly hz: number; readonly looksOnly?: boolean},
): EngineOptions {
	const {url, connection, connections, elsewhere} = settings;
	const {ca, cert, key, insecure, deadline, readOnly} = elsewhere;
	return {
		...(connection === undefined ? {...(url === undefined ? {} : {url})} : {connection}),
		connections,
		tls: {ca, cert, key, insecure},
		deadlineMs: deadline,
		embedded: settings.embedded,
		...(settings.private === undefined ? {} : {topology: settings.private}),
		setsClock: settings.faketime,
		readOnly,
		namespace: settings.namespace,
		workload: {
			running: run.workload && url === undefined && !settings.readOnly,
			rate: settings.rate,
			keys: settings.keys,
		},
		hz: run.hz,
		looksOnly: run.looksOnly ?? false,
		scanRate: settings.scanRate,
	};
}
