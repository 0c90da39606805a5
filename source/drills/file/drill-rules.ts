import {toSettings} from '../../cache/options/settings.js';
import {traitsOf} from '../../faults/catalogue.js';
import {FaultSyntaxError} from '../../faults/fault-errors.js';
import {RedisCacheError} from '../../pool/errors.js';
import type {JSONPath} from '../../text/located-json.js';
import {defaultRate} from '../../workload/workload.js';
import type {WorkloadMix} from '../../workload/workload-snapshot.js';
import {cacheOptionsOf} from '../drill.js';
import {parseExpectation} from '../expectation.js';
import {cacheOf, faultOf, milliseconds} from './drill-of-file.js';
import type {DrillParts, StepInFile, Time} from './drill-schema.js';

type Report = (path: JSONPath, message: string) => void;

const shortestMs = 100;
const hourMs = 3_600_000;
const longestLifeMs = 30 * 24 * hourMs;

/** Reports mistakes that the schema cannot express, in the parts of a file that are valid by the schema. */
export function checkRules(parts: DrillParts, report: Report): void {
	checkTimes(parts, report);
	checkMixes(parts, report);
	checkTraffic(parts, report);
	checkCache(parts, report);
	parts.steps?.forEach((step, index) => {
		if (step !== undefined) checkStep(step, parts, (field, message) => report(['steps', index, ...field], message));
	});
	parts.expectations?.forEach((text, index) => {
		const parsed = text === undefined ? undefined : parseExpectation(text);
		if (typeof parsed === 'string') report(['expectations', index], parsed);
	});
}

function checkTimes({duration, workload, cache, steps = []}: DrillParts, report: Report): void {
	const atMost = (longestMs: number, words: string, path: JSONPath, value: Time | undefined) => {
		if (value !== undefined && milliseconds(value) > longestMs) report(path, `is longer than ${words}`);
	};
	const anHour = (path: JSONPath, value: Time | undefined) => atMost(hourMs, 'an hour', path, value);
	const aMonth = (path: JSONPath, value: Time | undefined) => atMost(longestLifeMs, '30 days', path, value);
	anHour(['duration'], duration);
	anHour(['workload', 'loader'], workload?.loader);
	aMonth(['workload', 'ttl'], workload?.ttl);
	aMonth(['cache', 'ttl'], cache?.ttl);
	aMonth(['cache', 'grace'], cache?.grace);
	steps.forEach((step, index) => {
		anHour(['steps', index, 'at'], step?.at);
		anHour(['steps', index, 'for'], step?.for);
	});
	if (duration !== undefined && milliseconds(duration) < shortestMs)
		report(['duration'], `is shorter than ${shortestMs} ms`);
}

function checkMixes({workload, steps = []}: DrillParts, report: Report): void {
	const check = (path: JSONPath, mix: WorkloadMix | undefined) => {
		// A mix with an invalid share lacks it here.
		if (mix !== undefined && mix.read + mix.write + mix.delete === 0)
			report(path, 'has no share above 0: at least one of read, write and delete must be');
	};
	check(['workload', 'mix'], workload?.mix);
	steps.forEach((step, index) => {
		check(['steps', index, 'workload', 'mix'], step?.workload?.mix);
	});
}

/** A drill without calls would meet every expectation such as `hungCalls == 0`. */
function checkTraffic(parts: DrillParts, report: Report): void {
	const calls = expectedCalls(parts);
	if (calls !== undefined && calls < 1)
		report(['workload', 'rate'], 'makes no call in the whole drill: give it a higher rate');
}

/** Number of calls that are due in the whole drill; undefined if mistakes in the file make it unknown. */
function expectedCalls({duration, workload, steps}: DrillParts): number | undefined {
	const isComplete = steps?.every((step) => step?.at !== undefined && (step.fault ?? step.workload) !== undefined);
	if (duration === undefined || isComplete !== true) return undefined;
	const end = milliseconds(duration);
	const changes = (steps ?? [])
		.flatMap((step) => {
			const from = milliseconds(step?.at ?? 0);
			const to = step?.for === undefined ? end : from + milliseconds(step.for);
			return step?.workload?.rate === undefined ? [] : [{from, to, rate: step.workload.rate}];
		})
		.sort((left, right) => left.from - right.from);
	const times = [0, end, ...changes.flatMap(({from, to}) => [from, to])]
		.filter((time) => time <= end)
		.sort((left, right) => left - right);
	const rateAt = (time: number) =>
		changes.findLast(({from, to}) => from <= time && time < to)?.rate ?? workload?.rate ?? defaultRate;
	return times.reduce((sum, time, index) => sum + (rateAt(time) * ((times[index + 1] ?? end) - time)) / 1000, 0);
}

/** Checks each option of the cache by the cache's own rules. */
function checkCache({cache = {}}: DrillParts, report: Report): void {
	for (const [name, value] of Object.entries(cache)) {
		try {
			toSettings(cacheOptionsOf({durationMs: shortestMs, cache: cacheOf({[name]: value})}));
		} catch (error) {
			if (!(error instanceof RedisCacheError)) throw error;
			report(['cache', name], error.message);
		}
	}
}

function checkStep(
	step: Partial<StepInFile>,
	{duration}: DrillParts,
	report: (field: string[], message: string) => void,
): void {
	const atMs = step.at === undefined ? undefined : milliseconds(step.at);
	const forMs = step.for === undefined ? undefined : milliseconds(step.for);
	if (duration !== undefined && atMs !== undefined) {
		const durationMs = milliseconds(duration);
		if (atMs >= durationMs) report(['at'], `is after the end of the drill, which lasts ${durationMs} ms`);
		else if (forMs !== undefined && atMs + forMs > durationMs)
			report(['for'], `ends after the drill, which lasts ${durationMs} ms`);
	}
	if (step.fault === undefined) return;
	try {
		const fault = faultOf(step.fault);
		if (traitsOf(fault.kind).endsByItself && forMs !== undefined)
			report(['for'], `a ${fault.kind} ends when the server answers: remove "for"`);
	} catch (error) {
		if (!(error instanceof FaultSyntaxError)) throw error;
		report(['fault'], error.message);
	}
}
