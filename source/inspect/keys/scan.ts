import type {Argument} from '../../pool/types.js';
import {parseKey} from '../escape-bytes.js';
import {bytesOf, listOf, type Sender, textOf} from '../sender.js';
import {RoundTrip} from './round-trip.js';
import {type ScanPace, scanCount} from './scan-pace.js';
import {stepSizeOf} from './step-size.js';

export type ScanOptions = {
	/** A glob-style pattern, printable as `printKey` writes it: `user:*`, `"\xff*"`. */
	readonly pattern?: string | undefined;
	/** Only keys of this type. */
	readonly type?: string | undefined;
	/** Number of keys to visit in one step, 1 to 500. Default 500. */
	readonly count?: number;
	/** True if few of the keys are wanted: a step may then visit up to 2000 keys if the server is far away. Default false. */
	readonly mayGrow?: boolean;
	/** Limits the rate of steps. Default: no limit. */
	readonly pace?: ScanPace | undefined;
};

type ScanStep = {
	/** Cursor for the next step; `'0'` when the scan is over. */
	readonly cursor: string;
	readonly keys: readonly Buffer[];
	/** Approximate number of keys visited. */
	readonly visited: number;
};

/** False for a pattern that matches every key. */
export function isFiltered(pattern: string | undefined): pattern is string {
	return pattern !== undefined && pattern !== '' && pattern !== '*';
}

/** Approximate number of keys that one step visits: SCAN takes it as a hint. */
export function stepCount({count = scanCount, pace}: Pick<ScanOptions, 'count' | 'pace'>): number {
	return Math.min(scanCount, Math.max(1, count), pace?.stepKeys ?? scanCount);
}

/** Number of names in a step that is too short for any slow log: about 0.05 ms. */
const quickNames = 50;

/** Runs one step of a scan. It may return a key twice, or no key at all. */
export async function scanStep(sender: Sender, cursor: string, options: ScanOptions = {}): Promise<ScanStep> {
	const args: Argument[] = [cursor];
	const most = stepCount(options);
	const size = most <= quickNames ? undefined : await stepSizeOf(sender);
	const grows = options.mayGrow && most === scanCount;
	const count = size === undefined ? most : grows ? size.farNames : Math.min(most, size.names);
	await options.pace?.take(count);
	if (isFiltered(options.pattern)) args.push('MATCH', parseKey(options.pattern));
	args.push('COUNT', count);
	if (options.type !== undefined) args.push('TYPE', options.type);
	const trip = new RoundTrip(size?.namesLateMs ?? Number.POSITIVE_INFINITY);
	const reply = await sender.send('SCAN', args).finally(() => trip.end());
	const [next, found] = listOf(reply);
	const keys = listOf(found).map(bytesOf);
	if (grows) size?.noteNames(trip, keys.length);
	return {cursor: textOf(next), keys, visited: count};
}

/**
 * Runs a whole scan, or the rest of one. The next step is requested while the caller works on the one before, so that
 * neither side waits for the other; its result is dropped when the caller stops.
 */
export async function* scanSteps(
	sender: Sender,
	options: ScanOptions & {readonly cursor?: string | undefined} = {},
): AsyncGenerator<ScanStep, void, undefined> {
	let next: Promise<ScanStep> | undefined = scanStep(sender, options.cursor ?? '0', options);
	while (next) {
		const step: ScanStep = await next;
		next = step.cursor === '0' ? undefined : scanStep(sender, step.cursor, options);
		// It may fail after the caller has stopped.
		next?.catch(() => undefined);
		yield step;
	}
}

/** Escapes a text so that, as a pattern, it matches only itself. */
export function literalGlob(text: string): string {
	return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
