import {setsClock} from '../../drills/drill.js';
import {loadDrill} from '../../drills/drill-library.js';
import {EngineError} from '../../engine/engine-error.js';
import type {EngineClient} from '../../engine/protocol.js';
import {startEngine} from '../../engine/start-engine.js';
import type {DrillResult} from '../../report/input/drill-result.js';
import {progressLine} from '../../report/progress-line.js';
import {exitCodes} from '../exit-code.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';
import type {DrillOptions} from './drill-options.js';
import {engineOptions} from './engine-options.js';
import {waitForSnapshot} from './wait-for-snapshot.js';
import type {Stop} from './watch-for-stop.js';

/** Snapshots a second: more than one, so that each second's line is printed right after that second. */
const snapshotHz = 10;

const exitCodeOfRefusal: Readonly<Record<string, number>> = {
	ERR_FAULT_REFUSED: exitCodes.usage,
	ERR_SUBJECT: exitCodes.usage,
	ERR_PROBE: exitCodes.usage,
	ERR_PROBE_UNREACHABLE: exitCodes.unreachable,
	ERR_NOT_CONNECTED: exitCodes.unreachable,
};

/** Prints a line of progress for each second of a running drill. Returns a function that stops it. */
function showProgress(engine: EngineClient, output: Output): () => void {
	let second = 0;
	return engine.subscribe((snapshot) => {
		const {drill} = snapshot;
		if (drill?.state !== 'running' || drill.elapsedMs < (second + 1) * 1000) return;
		second = Math.floor(drill.elapsedMs / 1000);
		output.err(`${progressLine(snapshot, output.glyphs)}\n`);
	});
}

type DrillRun = {
	readonly settings: Settings;
	readonly options: DrillOptions;
	readonly stop: Stop;
	readonly output: Output;
};

/**
 * Runs one drill with a separate engine. Its progress goes to standard error, one line a second.
 *
 * @throws {EngineError} It cannot be run. Code `ERR_FAULT_REFUSED`: one of its faults is not possible on this server.
 */
export async function runDrill(name: string, {settings, options, stop, output}: DrillRun): Promise<DrillResult> {
	const {subject, probes, proxyPort, hideKeys} = options;
	// A drill and a URL on the command line are consent to everything that the drill writes.
	const engine = await startEngine({
		...engineOptions(settings, {workload: false, hz: snapshotHz}),
		consented: ['drill'],
		setsClock: settings.faketime || setsClock(await loadDrill(name)),
		...(subject === undefined ? {} : {subject}),
		probes,
		hideKeys,
		...(proxyPort === undefined ? {} : {proxyPort}),
	});
	const interrupt = () => void engine.run({name: 'drill', args: ['stop']});
	const hideProgress = showProgress(engine, output);
	try {
		const reply = await engine.run({name: 'drill', args: [name]});
		if (!reply.ok) throw new EngineError(reply.code, reply.message, exitCodeOfRefusal[reply.code] ?? exitCodes.failed);
		stop.signal.addEventListener('abort', interrupt, {once: true});
		if (stop.signal.aborted) interrupt();
		const snapshot = await waitForSnapshot(engine, ({drill}) => drill?.report !== undefined);
		const report = snapshot.drill?.report;
		if (!report) throw new EngineError('ERR_ENGINE', 'the drill ended without a report', exitCodes.failed);
		const reason = stop.reason();
		const recording = await engine.drillRecording();
		return {
			report: reason && report.partial !== undefined ? {...report, partial: reason.text} : report,
			...(recording === undefined ? {} : {recording}),
		};
	} finally {
		hideProgress();
		stop.signal.removeEventListener('abort', interrupt);
		await engine.close();
	}
}
