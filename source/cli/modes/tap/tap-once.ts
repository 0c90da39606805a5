import {entryWords} from '../../../engine/application-entry.js';
import type {EngineSnapshot} from '../../../engine/protocol.js';
import {startEngine} from '../../../engine/start-engine.js';
import {tapReport} from '../../../report/tap/tap-text.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import type {TapSettings} from '../../settings/tap-settings.js';
import {waitForSnapshot} from '../wait-for-snapshot.js';
import {watchForStop} from '../watch-for-stop.js';
import {tapEngineOptions} from './tap-engine-options.js';

const snapshotHz = 5;

/** Milliseconds to wait for an application, unless `--for` is given. */
const waitMs = 10_000;

/** True once the application has sent commands in a recorded second. */
function hasTraffic({application}: EngineSnapshot): boolean {
	return (application?.live.lastSecond?.commands ?? 0) > 0;
}

/**
 * Prints one snapshot once one second of an application's traffic was recorded, or when the time is over. Returns the
 * exit code.
 *
 * @throws {EngineError} The tap cannot listen, or cannot reach Redis.
 */
export async function printTapOnce(
	tap: TapSettings,
	format: 'text' | 'json',
	settings: Settings,
	output: Output,
): Promise<number> {
	const stop = watchForStop(output);
	let timer: NodeJS.Timeout | undefined;
	try {
		const engine = await startEngine(tapEngineOptions(tap, settings, snapshotHz));
		try {
			const first = await waitForSnapshot(engine, ({application}) => application !== undefined);
			if (first.application !== undefined) {
				const {listen, target} = first.application;
				output.err(`connect your application to ${entryWords(listen, target)}\n`);
			}
			const over = new Promise<undefined>((resolve) => {
				timer = setTimeout(() => resolve(undefined), tap.forMs ?? waitMs);
				stop.signal.addEventListener('abort', () => resolve(undefined), {once: true});
			});
			const snapshot = (await Promise.race([waitForSnapshot(engine, hasTraffic), over])) ?? engine.latest();
			if (snapshot?.application === undefined) return exitCodes.unreachable;
			if (snapshot.application.connections.opened === 0) output.err('redis-cache-tui: no application has connected\n');
			if (format === 'json') output.data(`${JSON.stringify({...snapshot, privateUrl: undefined}, null, 2)}\n`);
			else output.out(tapReport(snapshot.application));
			return stop.reason()?.exitCode ?? exitCodes.fine;
		} finally {
			await engine.close();
		}
	} finally {
		clearTimeout(timer);
		stop.release();
	}
}
