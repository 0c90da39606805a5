import {setImmediate} from 'node:timers/promises';
import type {Sender} from '../sender.js';
import {describeKeys} from './describe-keys.js';
import {type ScanOptions, scanStep, scanSteps} from './scan.js';
import {type DescribedStep, isScriptable, scanInScript} from './scripted/scan-in-script.js';
import {isSure} from './step-size.js';

/** Number of steps whose keys are described concurrently, so that neither side waits for the other. */
const maxInFlight = 3;

/**
 * Shortest round-trip time, in milliseconds, from which on a server counts as far away. Steps are then large and concurrent.
 */
const farMs = 10;

type DescribedScan = ScanOptions & {readonly cursor?: string | undefined};

/** Performs one step of a scan, with type, TTL and size of each key. */
export async function describedStep(sender: Sender, cursor: string, options: ScanOptions): Promise<DescribedStep> {
	const scripted = isScriptable(sender, options) ? await scanInScript(sender, cursor, options) : undefined;
	if (scripted) return scripted.read();
	const {cursor: next, keys, visited} = await scanStep(sender, cursor, options);
	return {cursor: next, found: keys.length, visited, rows: await describeKeys(sender, keys)};
}

/**
 * Scans with type, TTL and size of each key, ahead of the caller. Steps in flight are dropped when it stops.
 */
export async function* describedSteps(
	sender: Sender,
	options: DescribedScan = {},
): AsyncGenerator<DescribedStep, void, undefined> {
	let {cursor = '0'} = options;
	let shortestMs = Number.POSITIVE_INFINITY;
	let trips = 0;
	let next = isScriptable(sender, options) ? scanInScript(sender, cursor, options) : undefined;
	while (next) {
		const step = await next;
		if (step === undefined) break;
		cursor = step.cursor;
		shortestMs = Math.min(shortestMs, step.tookMs);
		const isFar = shortestMs > farMs && isSure(shortestMs, ++trips);
		next = cursor === '0' || isFar ? undefined : scanInScript(sender, cursor, options);
		// It may fail after the caller has stopped.
		next?.catch(() => undefined);
		// Lets the request be sent first, so that the server executes it while the caller works.
		await setImmediate();
		yield step.read();
		if (cursor === '0') return;
	}
	yield* stepsUnderWay(sender, {...options, cursor});
}

/** Scans names, and describes those of several steps at once. */
async function* stepsUnderWay(sender: Sender, options: DescribedScan): AsyncGenerator<DescribedStep, void, undefined> {
	const inFlight: Promise<DescribedStep>[] = [];
	for await (const {cursor, keys, visited} of scanSteps(sender, options)) {
		const described = describeKeys(sender, keys).then((rows) => ({cursor, found: keys.length, visited, rows}));
		// It may fail after the caller has stopped.
		described.catch(() => undefined);
		inFlight.push(described);
		const first = inFlight.length === maxInFlight ? inFlight.shift() : undefined;
		if (first) yield await first;
	}
	for (const described of inFlight) yield await described;
}
