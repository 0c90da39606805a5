import {chooseLiveCache, type LiveCache, listLiveCaches} from '../../../engine/attached/live-processes.js';
import type {EngineClient, EngineOptions, EngineSnapshot} from '../../../engine/protocol.js';
import {launchEngine, startEngine} from '../../../engine/start-engine.js';
import {attachedLine, attachedReport} from '../../../report/attach/attach-text.js';
import {exitCodes} from '../../exit-code.js';
import type {Output} from '../../output.js';
import type {Settings} from '../../settings/settings.js';
import type {AttachMode} from '../choose-mode.js';
import {engineOptions} from '../engine-options.js';
import {showDashboard} from '../show-dashboard.js';
import {waitForSnapshot} from '../wait-for-snapshot.js';
import {type Stop, watchForStop} from '../watch-for-stop.js';

/** Snapshots a second for lines: more than one, so that each second's line is printed right after that second. */
const linesHz = 4;

/**
 * Shows a live process until the user quits, a signal arrives, or the time is over. Returns the exit code.
 *
 * @throws {EngineError} There is no such process, or it cannot be watched.
 */
export async function runAttach(
	{who, view, format, forMs}: AttachMode,
	settings: Settings,
	output: Output,
): Promise<number> {
	const live = chooseLiveCache(who, await listLiveCaches());
	if (view === 'dashboard') return showProcess(attachOptions(live, settings, settings.fps), forMs, settings, output);
	const stop = watchForStop(output);
	try {
		const engine = await startEngine(attachOptions(live, settings, linesHz));
		try {
			if (view === 'once') return await printOnce(engine, format, output);
			return await printLines(engine, {format, forMs, stop}, output);
		} finally {
			await engine.close();
		}
	} finally {
		stop.release();
	}
}

/** The engine starts while React is loaded, so that the screen sees its first events. */
async function showProcess(
	options: EngineOptions,
	forMs: number | undefined,
	settings: Settings,
	output: Output,
): Promise<number> {
	const {client} = launchEngine(options);
	const end = forMs === undefined ? undefined : AbortSignal.timeout(forMs);
	try {
		const exitCode = await showDashboard(client, settings, output, end);
		return end?.aborted ? exitCodes.fine : exitCode;
	} finally {
		await client.close();
	}
}

/** No Redis is opened: a URL or connection in the configuration file applies to the dashboard of a Redis only. */
function attachOptions({path, process, cache}: LiveCache, settings: Settings, hz: number): EngineOptions {
	const {readOnly} = settings.elsewhere;
	const {url: _, connection: __, ...options} = engineOptions(settings, {workload: false, hz});
	const {id, name, namespace} = cache;
	return {...options, connections: [], readOnly, attach: {path, pid: process.pid, cache: id, name, namespace}};
}

type Attached = EngineSnapshot & {readonly attached: NonNullable<EngineSnapshot['attached']>};

const isAttached = (snapshot: EngineSnapshot | undefined): snapshot is Attached => snapshot?.attached !== undefined;

async function printOnce(engine: EngineClient, format: 'text' | 'json', output: Output): Promise<number> {
	const snapshot = await waitForSnapshot(engine, isAttached);
	if (format === 'json') output.data(`${JSON.stringify(snapshot, null, 2)}\n`);
	else if (isAttached(snapshot)) output.out(attachedReport(snapshot));
	return exitCodes.fine;
}

/** Prints one line per second, as text or as a JSON object, until the time is over or a signal arrives. */
function printLines(
	engine: EngineClient,
	{format, forMs, stop}: {readonly format: 'text' | 'json'; readonly forMs: number | undefined; readonly stop: Stop},
	output: Output,
): Promise<number> {
	return new Promise((resolve, reject) => {
		let before: Attached | undefined;
		const unsubscribe = engine.subscribe((snapshot) => {
			if (!isAttached(snapshot)) return;
			for (const {level, text, count} of snapshot.events)
				if (count === 1 && (level === 'warn' || level === 'error')) output.err(`redis-cache-tui: ${text}\n`);
			if (before !== undefined && Math.floor(before.at / 1000) === Math.floor(snapshot.at / 1000)) return;
			const line = before && format === 'text' ? attachedLine(before, snapshot) : undefined;
			if (line !== undefined) output.out(`${line}\n`);
			if (format === 'json') output.data(`${JSON.stringify(snapshot)}\n`);
			before = snapshot;
		});
		const end = (settle: () => void) => {
			clearTimeout(timer);
			unsubscribe();
			forget();
			stop.signal.removeEventListener('abort', onStop);
			settle();
		};
		const onStop = () => end(() => resolve(stop.reason()?.exitCode ?? exitCodes.fine));
		const timer = forMs === undefined ? undefined : setTimeout(() => end(() => resolve(exitCodes.fine)), forMs);
		const forget = engine.onFatal((error) => end(() => reject(error)));
		if (stop.signal.aborted) onStop();
		else stop.signal.addEventListener('abort', onStop, {once: true});
	});
}
