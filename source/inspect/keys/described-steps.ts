import type {Sender} from '../sender.js';
import {describeKeys, type KeyRow} from './describe-keys.js';
import {type ScanOptions, scanSteps} from './scan.js';

/** Steps whose keys are described at once. With one, the server would wait for us as long as we wait for it. */
const maxInFlight = 3;

type DescribedStep = {
	/** Where the scan continues after this step; `'0'` when it is over. */
	readonly cursor: string;
	/** Keys found, including those that no longer exist. */
	readonly found: number;
	readonly rows: readonly KeyRow[];
};

/**
 * Scans with type, TTL and size of each key, some steps ahead of the caller. Steps in flight are dropped when it stops.
 */
export async function* describedSteps(
	sender: Sender,
	options: ScanOptions & {readonly cursor?: string | undefined} = {},
): AsyncGenerator<DescribedStep, void, undefined> {
	const inFlight: Promise<DescribedStep>[] = [];
	for await (const {cursor, keys} of scanSteps(sender, options)) {
		const described = describeKeys(sender, keys).then((rows) => ({cursor, found: keys.length, rows}));
		// It may fail after the caller has stopped.
		described.catch(() => undefined);
		inFlight.push(described);
		const first = inFlight.length === maxInFlight ? inFlight.shift() : undefined;
		if (first) yield await first;
	}
	for (const described of inFlight) yield await described;
}
