import {entryWords} from '../../../engine/application-entry.js';
import type {EngineError} from '../../../engine/engine-error.js';
import type {EngineClient, EngineSnapshot, TapSnapshot} from '../../../engine/protocol.js';
import {startEngine} from '../../../engine/start-engine.js';
import {tapLine, warningWords} from '../../../report/tap/tap-text.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import type {TapSettings} from '../../settings/tap-settings.js';
import type {TapFormat} from '../choose-mode.js';
import {waitForSnapshot} from '../wait-for-snapshot.js';
import {type Stop, watchForStop} from '../watch-for-stop.js';
import {printTapReport, tapResult, writeTapReport} from './print-tap.js';
import {tapEngineOptions} from './tap-engine-options.js';

/** Snapshots a second: more than one, so that each second's line is printed right after that second. */
const snapshotHz = 2;

/**
 * Runs the tap until its time is over or a signal arrives. Prints one line per second on standard error, and a report at the
 * end. Returns the exit code.
 *
 * @throws {EngineError} The tap cannot listen, or cannot reach Redis.
 */
export async function printTap(
	tap: TapSettings,
	format: TapFormat,
	settings: Settings,
	output: Output,
): Promise<number> {
	const stop = watchForStop(output);
	try {
		const engine = await startEngine(tapEngineOptions(tap, settings, snapshotHz));
		try {
			const first = await waitForSnapshot(engine, ({application}) => application !== undefined);
			if (first.application !== undefined) sayWhere(first.application, output);
			const hideLines = showLines(engine, output);
			const failed = await endOf(engine, tap.forMs, stop);
			hideLines();
			const result = await tapResult(engine);
			let exitCode: number = exitCodes.fine;
			if (result !== undefined && tap.output !== undefined)
				exitCode = await writeTapReport(result, {path: tap.output, format}, output);
			else if (result !== undefined) await printTapReport(result, format, output);
			if (failed !== undefined) throw failed;
			return stop.reason()?.exitCode ?? exitCode;
		} finally {
			await engine.close();
		}
	} finally {
		stop.release();
	}
}

function sayWhere({listen, target}: TapSnapshot, output: Output): void {
	output.err(`connect your application to ${entryWords(listen, target)} instead of ${target}; Ctrl-C ends the tap\n`);
}

/** Prints a line for each second, and warnings. Returns a function that stops it. */
function showLines(engine: EngineClient, output: Output): () => void {
	const warn = ({events}: Pick<EngineSnapshot, 'events'>) => {
		for (const event of events)
			if (event.count === 1 && (event.level === 'warn' || event.level === 'error'))
				output.err(`redis-cache-tui: ${warningWords(event)}\n`);
	};
	const first = engine.latest();
	if (first !== undefined) warn(first);
	let before = first?.application;
	return engine.subscribe((snapshot) => {
		const {application, faults} = snapshot;
		// The newest snapshot may not have been handed out yet.
		if (snapshot !== first) warn(snapshot);
		if (application === undefined || before === undefined) return;
		if (Math.floor(application.seconds) === Math.floor(before.seconds)) return;
		output.err(`${tapLine(before, application, faults)}\n`);
		before = application;
	});
}

/** Resolves when the tap has to end; with the error if the engine has failed. */
function endOf(engine: EngineClient, forMs: number | undefined, stop: Stop): Promise<EngineError | undefined> {
	return new Promise((resolve) => {
		const timer = forMs === undefined ? undefined : setTimeout(() => end(undefined), forMs);
		const onStop = () => end(undefined);
		const forget = engine.onFatal((error) => end(error));
		const end = (error: EngineError | undefined) => {
			clearTimeout(timer);
			stop.signal.removeEventListener('abort', onStop);
			forget();
			resolve(error);
		};
		if (stop.signal.aborted) onStop();
		else stop.signal.addEventListener('abort', onStop, {once: true});
	});
}
