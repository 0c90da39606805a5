import {describeKeys, type KeyRow} from './describe-keys.js';
import {type ScanOptions, scanSteps} from './scan.js';
import type {Sender} from './sender.js';

/** Steps whose keys are being described: with one the server would wait for us as long as we for it. */
const maxUnderWay = 3;

export type DescribedStep = {
	/** Where the scan goes on after this step; `'0'`: it is over. */
	readonly cursor: string;
	/** Keys that were found, those that are gone by now included. */
	readonly found: number;
	readonly rows: readonly KeyRow[];
};

/** A scan with type, TTL and size of each key, some steps ahead of the caller. What is under way when it stops is thrown away. */
export async function* describedSteps(
	sender: Sender,
	options: ScanOptions & {readonly cursor?: string | undefined} = {},
): AsyncGenerator<DescribedStep, void, undefined> {
	const underWay: Promise<DescribedStep>[] = [];
	for await (const {cursor, keys} of scanSteps(sender, options)) {
		const described = describeKeys(sender, keys).then((rows) => ({cursor, found: keys.length, rows}));
		// It may fail when nobody waits for it any more.
		described.catch(() => undefined);
		underWay.push(described);
		const first = underWay.length === maxUnderWay ? underWay.shift() : undefined;
		if (first) yield await first;
	}
	for (const described of underWay) yield await described;
}
