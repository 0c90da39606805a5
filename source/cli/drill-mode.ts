import {closestMatch} from 'leven';
import {EngineError} from '../engine/engine-error.js';
import type {EngineClient} from '../engine/protocol.js';
import {startEngine} from '../engine/start-engine.js';
import {DrillNotFoundError} from '../faults/drill-errors.js';
import {drillNames, listDrills, loadDrill} from '../faults/drill-library.js';
import type {DrillReport} from '../faults/drill-report.js';
import {jsonReport} from '../report/json-report.js';
import {junitReport} from '../report/junit-report.js';
import {progressLine} from '../report/progress-line.js';
import {textReport, textSummary} from '../report/text-report.js';
import {engineOptions} from './engine-options.js';
import {exitCodeOfSignal, exitCodes} from './exit-code.js';
import {glyphsOfLocale} from './glyphs-of-locale.js';
import type {Output} from './output.js';
import type {ReportFormat} from './run-mode.js';
import type {Settings} from './settings.js';
import {onStopSignal} from './signals.js';
import {UsageError} from './usage-error.js';
import {waitForSnapshot} from './wait-for-snapshot.js';

const defaultDrill = 'default';

/** Lists the drills that come with the program. */
export async function printDrills(format: 'text' | 'json', output: Output): Promise<number> {
	const drills = await listDrills();
	if (format === 'json') {
		output.out(`${JSON.stringify(drills, null, 2)}\n`);
		return exitCodes.fine;
	}
	const width = Math.max(...drills.map(({name}) => name.length));
	const lines = drills.map(({name, durationMs, summary}) => {
		const seconds = `${Math.round(durationMs / 1000)} s`;
		return `${name.padEnd(width)}  ${seconds.padStart(5)}  ${summary}`;
	});
	output.out(`${lines.join('\n')}\n`);
	return exitCodes.fine;
}

/** Drills to run, checked before anything is started. @throws {UsageError | DrillFileError} */
async function chosenDrills(drill: string | 'all' | undefined): Promise<readonly string[]> {
	if (drill === 'all') return drillNames();
	const name = drill ?? defaultDrill;
	try {
		await loadDrill(name);
	} catch (error) {
		if (!(error instanceof DrillNotFoundError)) throw error;
		const meant = closestMatch(name, [...(await drillNames())], {maxDistance: 4});
		const hint = meant ? `did you mean ${meant}?` : 'redis-cache-tui drill lists them';
		throw new UsageError(`no drill ${JSON.stringify(name)} and no such file; ${hint}`, {cause: error});
	}
	return [name];
}

type Stop = {
	/** Why everything is to end, once it is. */
	readonly reason: () => {readonly text: string; readonly exitCode: number} | undefined;
	readonly signal: AbortSignal;
	release(): void;
};

/** A signal, or a reader of the output that went away. A second signal does not wait for a report. */
function watchForStop(output: Output): Stop {
	const stop = new AbortController();
	let reason: {text: string; exitCode: number} | undefined;
	const end = (text: string, exitCode: number) => {
		if (reason) process.exit(exitCode);
		reason = {text, exitCode};
		stop.abort();
	};
	const release = onStopSignal((signal) => end(`interrupted by ${signal}`, exitCodeOfSignal(signal)));
	const broken = () => end('nobody reads the output any more', exitCodes.brokenPipe);
	output.broken.addEventListener('abort', broken, {once: true});
	return {
		reason: () => reason,
		signal: stop.signal,
		release() {
			release();
			output.broken.removeEventListener('abort', broken);
		},
	};
}

/** Prints a line a second while a drill runs. */
function showProgress(engine: EngineClient, print: (line: string) => void): () => void {
	const timer = setInterval(() => {
		const snapshot = engine.latest();
		if (snapshot?.drill?.state === 'running') print(`${progressLine(snapshot, glyphsOfLocale(process.env))}\n`);
	}, 1000);
	return () => clearInterval(timer);
}

async function runDrill(
	name: string,
	settings: Settings,
	stop: Stop,
	print: (line: string) => void,
): Promise<DrillReport> {
	const engine = await startEngine(engineOptions(settings, {workload: false, hz: 4}));
	const interrupt = () => void engine.run({name: 'drill', args: ['stop']});
	const hideProgress = showProgress(engine, print);
	try {
		const reply = await engine.run({name: 'drill', args: [name]});
		if (!reply.ok)
			throw new EngineError(reply.code, reply.message, reply.code === 'ERR_NOT_CONNECTED' ? exitCodes.unreachable : 1);
		stop.signal.addEventListener('abort', interrupt, {once: true});
		if (stop.signal.aborted) interrupt();
		const snapshot = await waitForSnapshot(engine, ({drill}) => drill?.report !== undefined);
		const report = snapshot.drill?.report;
		if (!report) throw new EngineError('ERR_ENGINE', 'the drill ended without a report', 1);
		const reason = stop.reason();
		return reason && report.partial !== undefined ? {...report, partial: reason.text} : report;
	} finally {
		hideProgress();
		stop.signal.removeEventListener('abort', interrupt);
		await engine.close();
	}
}

function format(reports: readonly DrillReport[], as: ReportFormat, isAll: boolean): string {
	const [first] = reports;
	switch (as) {
		case 'json':
			return jsonReport(isAll || !first ? reports : first);
		case 'junit':
			return junitReport(reports);
		case 'text': {
			const glyphs = {glyphs: glyphsOfLocale(process.env)};
			const texts = reports.map((report) => textReport(report, glyphs));
			return [...texts, ...(isAll ? [textSummary(reports, glyphs)] : [])].join('\n');
		}
	}
}

/** Runs one drill, or all of them one after the other, each with an engine of its own, and prints the report. */
export async function runDrills(
	drill: string | 'all' | undefined,
	as: ReportFormat,
	settings: Settings,
	output: Output,
): Promise<number> {
	const names = await chosenDrills(drill);
	const stop = watchForStop(output);
	// Standard output is the report's alone when a machine reads it.
	const print = as === 'text' ? output.out : output.err;
	const reports: DrillReport[] = [];
	try {
		for (const name of names) {
			if (stop.signal.aborted) break;
			if (names.length > 1) print(`${name}\n`);
			reports.push(await runDrill(name, settings, stop, print));
		}
		output.out(`${as === 'text' ? '\n' : ''}${format(reports, as, drill === 'all')}`);
	} finally {
		stop.release();
	}
	const reason = stop.reason();
	if (reason) return reason.exitCode;
	return reports.every(({passed}) => passed) ? exitCodes.fine : exitCodes.drillFailed;
}
