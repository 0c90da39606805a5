import type {Fault} from '../../faults/fault.js';
import {parseFault} from '../../faults/parse-fault.js';
import {parseDuration} from '../../text/duration.js';
import type {Drill, DrillStep} from '../drill.js';
import {parseExpectation} from '../expectation.js';
import type {DrillFile, StepInFile, Time} from './drill-schema.js';

/** The drill that a valid file describes. */
export function drillOf({name, summary, duration, workload, cache, steps, expectations}: DrillFile): Drill {
	return {
		name,
		summary,
		durationMs: milliseconds(duration),
		workload: workloadOf(workload ?? {}),
		cache: cacheOf(cache ?? {}),
		steps: steps.map(stepOf).sort((left, right) => left.atMs - right.atMs),
		expectations: expectations.flatMap((text) => {
			const expectation = parseExpectation(text);
			return typeof expectation === 'string' ? [] : [expectation];
		}),
	};
}

/** Settings of the cache, with their times in milliseconds. */
export function cacheOf({ttl, grace, deadline, ...rest}: NonNullable<DrillFile['cache']>): Drill['cache'] {
	return {
		...rest,
		...(ttl === undefined ? {} : {ttl: milliseconds(ttl)}),
		...(grace === undefined ? {} : {grace: milliseconds(grace)}),
		...(deadline === undefined ? {} : {deadlineMs: milliseconds(deadline)}),
	};
}

/** @throws {FaultSyntaxError} The text is not a fault, or a parameter is out of its range. */
export function faultOf(words: string): Fault {
	return parseFault(words.trim().split(/\s+/));
}

/** Milliseconds of a duration. The schema lets only valid ones through. */
export function milliseconds(value: Time): number {
	return typeof value === 'number' ? value : (parseDuration(value) ?? 0);
}

function workloadOf({ttl, loader, ...rest}: NonNullable<DrillFile['workload']>): Drill['workload'] {
	return {
		...rest,
		...(ttl === undefined ? {} : {ttl: milliseconds(ttl)}),
		...(loader === undefined ? {} : {loaderMs: milliseconds(loader)}),
	};
}

function stepOf({at, for: lasts, label, fault = '', workload}: StepInFile): DrillStep {
	const times = {atMs: milliseconds(at), forMs: lasts === undefined ? undefined : milliseconds(lasts)};
	if (workload === undefined) return {kind: 'fault', ...times, fault: faultOf(fault), label: label ?? fault};
	const changes = Object.entries(workload).map(
		([name, to]) => `${name} ${typeof to === 'object' ? Object.values(to).join(':') : to}`,
	);
	return {kind: 'workload', ...times, change: workload, label: label ?? changes.join(', ')};
}
