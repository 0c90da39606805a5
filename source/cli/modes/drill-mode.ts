import {closestMatch} from 'leven';
import {drillNames, isDrillName, listDrills, loadDrill} from '../../drills/drill-library.js';
import {DrillNotFoundError} from '../../drills/file/drill-errors.js';
import {unstartedReport} from '../../drills/unstarted-report.js';
import {EngineError} from '../../engine/engine-error.js';
import {oneLine} from '../../engine/one-line.js';
import type {DrillResult} from '../../report/input/drill-result.js';
import type {SkippedDrill} from '../../report/input/skipped-drill.js';
import {exitCodes} from '../exit-code.js';
import type {Output} from '../output.js';
import type {Settings} from '../settings/settings.js';
import {UsageError} from '../settings/usage-error.js';
import type {RunMode} from './choose-mode.js';
import type {DrillOptions} from './drill-options.js';
import {printReport} from './print-drills.js';
import {runDrill} from './run-drill.js';
import {type Stop, watchForStop} from './watch-for-stop.js';

const defaultDrill = 'default';

/** Prints the drills that come with the program. Returns the exit code. */
export async function printDrills(format: 'text' | 'json', output: Output): Promise<number> {
	const drills = await listDrills();
	if (format === 'json') {
		output.data(`${JSON.stringify(drills, null, 2)}\n`);
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

/**
 * The drills to run, validated before anything is started.
 *
 * @throws {UsageError | DrillFileError}
 */
async function chosenDrills(drill: string | 'all' | undefined): Promise<readonly string[]> {
	if (drill === 'all') return drillNames;
	const name = drill ?? defaultDrill;
	try {
		await loadDrill(name);
	} catch (error) {
		if (!(error instanceof DrillNotFoundError)) throw error;
		const meant = closestMatch(name, drillNames, {maxDistance: 4});
		const hint = meant ? `did you mean ${meant}?` : '`redis-cache-tui drill` lists them';
		throw new UsageError(`no drill ${JSON.stringify(name)} and no such file; ${hint}`, {cause: error});
	}
	return [name];
}

/** The drills that ran, and those that did not. `error`: the error that ended the series. */
type Outcome = {readonly results: DrillResult[]; readonly skipped: SkippedDrill[]; error?: unknown};

type Series = {
	readonly names: readonly string[];
	readonly settings: Settings;
	readonly options: DrillOptions;
	readonly stop: Stop;
	readonly output: Output;
};

async function runEach({names, settings, options, stop, output}: Series): Promise<Outcome> {
	const outcome: Outcome = {results: [], skipped: []};
	const skipRest = (reason: string) => {
		const rest = names.slice(outcome.results.length + outcome.skipped.length);
		outcome.skipped.push(...rest.map((drill) => ({drill, reason})));
	};
	for (const name of names) {
		const reason = stop.reason();
		if (reason) {
			skipRest(`not started, ${reason.text}`);
			break;
		}
		if (names.length > 1) output.err(`${name}\n`);
		try {
			outcome.results.push({...(await runDrill(name, {settings, options, stop, output})), ...fileOf(name)});
		} catch (error) {
			if (names.length > 1 && isOfThisDrill(error, settings)) {
				output.err(`not run: ${oneLine(error)}\n`);
				outcome.results.push({report: unstartedReport(await loadDrill(name), oneLine(error)), ...fileOf(name)});
				continue;
			}
			// Of several drills, one that is not possible on this server is skipped; if it is the only one, that is an error.
			if (names.length === 1 || !(error instanceof EngineError) || error.code !== 'ERR_FAULT_REFUSED') {
				skipRest(`not started, ${oneLine(error)}`);
				return {...outcome, error};
			}
			output.err(`skipped: ${error.message}\n`);
			outcome.skipped.push({drill: name, reason: error.message});
		}
	}
	return outcome;
}

/**
 * True if the error may concern this drill alone. Each drill has its own private Redis, which may start too late on a busy
 * machine.
 */
function isOfThisDrill(error: unknown, {url, connection}: Settings): boolean {
	if (url !== undefined || connection !== undefined || !(error instanceof EngineError)) return false;
	return error.code === 'ERR_PRIVATE_REDIS_START' || error.code === 'ERR_NOT_CONNECTED';
}

/** The path of a drill that is a file. */
function fileOf(name: string): Pick<DrillResult, 'file'> {
	return isDrillName(name) ? {} : {file: name};
}

/** Prints a line for each subject whose process ended during its drill. Returns the causes. */
function sayEnds(results: readonly DrillResult[], output: Output): readonly string[] {
	return results.flatMap(({report: {drill, subject}}) => {
		if (subject?.ended === undefined) return [];
		output.err(`redis-cache-tui: subject ${subject.name} ${subject.ended.message} during the drill ${drill}\n`);
		return [subject.ended.cause];
	});
}

/**
 * Runs one drill, or all of them one after the other, each with an engine of its own. Progress goes to standard error,
 * one line a second; standard output has only the report. Returns the exit code.
 *
 * @throws {UsageError | DrillFileError | EngineError} After the report on the drills that did run.
 */
export async function runDrills(
	{drill, format, options}: Extract<RunMode, {kind: 'drill'}>,
	settings: Settings,
	output: Output,
): Promise<number> {
	const names = await chosenDrills(drill);
	const stop = watchForStop(output);
	try {
		const outcome = await runEach({names, settings, options, stop, output});
		const {results, error} = outcome;
		const isAll = drill === 'all';
		if (results.length > 0 || (isAll && error === undefined)) await printReport({...outcome, isAll}, format, output);
		// If the report cannot be written, the exit code must say so instead of telling the outcome of the drills.
		await output.written();
		if (error !== undefined) throw error;
		const reason = stop.reason();
		if (reason) return reason.exitCode;
		// Nothing failed, but nothing was tested either.
		if (results.length === 0) return exitCodes.usage;
		// A subject that exits on its own cannot be tested; one that ends with an error has failed its drill.
		if (sayEnds(results, output).includes('exit')) return exitCodes.usage;
		return results.every(({report}) => report.passed) ? exitCodes.fine : exitCodes.drillFailed;
	} finally {
		stop.release();
	}
}
