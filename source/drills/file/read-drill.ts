import type {JSONPath} from 'jsonc-parser';
import {FaultSyntaxError} from '../../faults/fault-errors.js';
import {parseFault} from '../../faults/parse-fault.js';
import {parseDuration} from '../../text/duration.js';
import type {Drill, DrillStep} from '../drill.js';
import {parseExpectation} from '../expectation.js';
import {DrillFileError, type DrillProblem} from './drill-errors.js';
import {checkDrillFile, type DrillFile, type StepInFile, type Time} from './drill-schema.js';
import {formatPath, LocatedJson} from './located-json.js';

type Mix = NonNullable<Drill['workload']['mix']>;
type Report = (path: JSONPath, message: string, child?: string) => void;

const shortestMs = 100;
const longestMs = 3_600_000;

/**
 * Parses and validates the text of a drill file.
 *
 * @param file Name of the file, for errors.
 * @throws {DrillFileError} It has every problem, with path and line.
 */
export function readDrill(text: string, file: string): Drill {
	const json = new LocatedJson(text, file);
	const problems: DrillProblem[] = [];
	const report: Report = (path, message, child) => {
		problems.push({line: json.lineOf(path, child), path: formatPath(path), message});
	};
	const refuse = (): never => {
		throw new DrillFileError(
			file,
			problems.sort((a, b) => a.line - b.line),
		);
	};
	const checked = checkDrillFile(json.value());
	if ('problems' in checked) {
		for (const {pointer, message, unknownField} of checked.problems)
			report(json.pathOf(pointer), message, unknownField);
		return refuse();
	}
	const drill = drillOf(checked.file, report);
	return problems.length === 0 ? drill : refuse();
}

/** Makes the drill and reports what the schema cannot express. The drill is only valid if nothing was reported. */
function drillOf(file: DrillFile, report: Report): Drill {
	for (const [path, value] of timesOf(file)) if (time(value) > longestMs) report(path, 'is longer than an hour');
	for (const [path, mix] of mixesOf(file))
		if (mix.read + mix.write + mix.delete === 0)
			report(path, 'has no share above 0: at least one of read, write and delete must be');
	const durationMs = time(file.duration);
	if (durationMs < shortestMs) report(['duration'], `is shorter than ${shortestMs} ms`);
	const steps = file.steps.flatMap((step, index) =>
		readStep(step, durationMs, (field, message) => report(['steps', index, ...field], message)),
	);
	const expectations = file.expectations.flatMap((expectation, index) => {
		const parsed = parseExpectation(expectation);
		if (typeof parsed !== 'string') return [parsed];
		report(['expectations', index], parsed);
		return [];
	});
	return {
		name: file.name,
		summary: file.summary,
		durationMs,
		workload: workloadOf(file.workload ?? {}),
		cache: cacheOf(file.cache ?? {}),
		steps: steps.sort((a, b) => a.atMs - b.atMs),
		expectations,
	};
}

function timesOf({duration, workload, cache, steps}: DrillFile): readonly (readonly [JSONPath, Time])[] {
	const times: readonly (readonly [JSONPath, Time | undefined])[] = [
		[['duration'], duration],
		[['workload', 'ttl'], workload?.ttl],
		[['workload', 'loader'], workload?.loader],
		[['cache', 'ttl'], cache?.ttl],
		[['cache', 'grace'], cache?.grace],
		[['cache', 'deadline'], cache?.deadline],
		...steps.flatMap((step, index): [JSONPath, Time | undefined][] => [
			[['steps', index, 'at'], step.at],
			[['steps', index, 'for'], step.for],
		]),
	];
	return times.flatMap(([path, value]) => (value === undefined ? [] : [[path, value] as const]));
}

function mixesOf({workload, steps}: DrillFile): readonly (readonly [JSONPath, Mix])[] {
	const mixes: readonly (readonly [JSONPath, Mix | undefined])[] = [
		[['workload', 'mix'], workload?.mix],
		...steps.map((step, index): [JSONPath, Mix | undefined] => [
			['steps', index, 'workload', 'mix'],
			step.workload?.mix,
		]),
	];
	return mixes.flatMap(([path, mix]) => (mix === undefined ? [] : [[path, mix] as const]));
}

function readStep(
	step: StepInFile,
	durationMs: number,
	report: (field: string[], message: string) => void,
): DrillStep[] {
	const atMs = time(step.at);
	const forMs = step.for === undefined ? undefined : time(step.for);
	if (atMs >= durationMs) report(['at'], `is after the end of the drill, which lasts ${durationMs} ms`);
	else if (forMs !== undefined && atMs + forMs > durationMs)
		report(['for'], `ends after the drill, which lasts ${durationMs} ms`);
	if ((step.fault === undefined) === (step.workload === undefined)) {
		report([], 'a step needs either "fault" or "workload", not both');
		return [];
	}
	if (step.workload !== undefined) {
		const changes = Object.entries(step.workload).map(
			([name, to]) => `${name} ${typeof to === 'object' ? Object.values(to).join(':') : to}`,
		);
		return [{kind: 'workload', atMs, forMs, change: step.workload, label: step.label ?? changes.join(', ')}];
	}
	try {
		const text = step.fault ?? '';
		const fault = parseFault(text.trim().split(/\s+/));
		if (fault.kind === 'restart' && forMs !== undefined)
			report(['for'], 'a restart ends when the server answers: remove "for"');
		return [{kind: 'fault', atMs, forMs, fault, label: step.label ?? text}];
	} catch (error) {
		if (!(error instanceof FaultSyntaxError)) throw error;
		report(['fault'], error.message);
		return [];
	}
}

function workloadOf({ttl, loader, ...rest}: NonNullable<DrillFile['workload']>): Drill['workload'] {
	return {
		...rest,
		...(ttl === undefined ? {} : {ttl: time(ttl)}),
		...(loader === undefined ? {} : {loaderMs: time(loader)}),
	};
}

function cacheOf({ttl, grace, deadline, ...rest}: NonNullable<DrillFile['cache']>): Drill['cache'] {
	return {
		...rest,
		...(ttl === undefined ? {} : {ttl: time(ttl)}),
		...(grace === undefined ? {} : {grace: time(grace)}),
		...(deadline === undefined ? {} : {deadlineMs: time(deadline)}),
	};
}

/** Milliseconds of a duration. The schema only lets valid ones through. */
function time(value: Time): number {
	return typeof value === 'number' ? value : (parseDuration(value) ?? 0);
}
