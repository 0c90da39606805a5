import {printKey} from '../escape-bytes.js';
import {type Missing, missingIn, type Sender} from '../sender.js';
import {scanStep} from './scan.js';
import type {ScanPace} from './scan-pace.js';

export type KeyCount = Missing & {
	readonly pattern: string;
	/** Number of keys found: a lower bound unless `complete`. */
	readonly keys: number;
	/** Some of them, printable. */
	readonly sample: readonly string[];
	/** True if the whole keyspace was scanned, on all nodes of a cluster. */
	readonly complete: boolean;
};

const sampleSize = 10;

/** Counts the keys that match a pattern, and returns some of them, for the confirmation before they are deleted. */
export async function countKeys(
	sender: Sender,
	pattern: string,
	{budgetMs = 3000, pace}: {readonly budgetMs?: number; readonly pace?: ScanPace} = {},
): Promise<KeyCount> {
	const until = performance.now() + budgetMs;
	const sample: string[] = [];
	let cursor = '0';
	let keys = 0;
	do {
		const step = await scanStep(sender, cursor, {pattern, pace, mayGrow: true});
		cursor = step.cursor;
		keys += step.keys.length;
		for (const key of step.keys.slice(0, sampleSize - sample.length)) sample.push(printKey(key));
	} while (cursor !== '0' && performance.now() < until);
	const missing = missingIn(sender);
	return {pattern, keys, sample, complete: cursor === '0' && missing.missing === undefined, ...missing};
}
