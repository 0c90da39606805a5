import {printKey} from './escape-bytes.js';
import {scanStep} from './scan.js';
import type {Sender} from './sender.js';

export type KeyCount = {
	readonly pattern: string;
	/** Keys found. A lower bound unless `complete`. */
	readonly keys: number;
	/** Some of them, printable. */
	readonly sample: readonly string[];
	/** Whether all of the keyspace was looked at. */
	readonly complete: boolean;
};

const sampleSize = 10;

/** How many keys match, and some of them: what a person wants to see before they are deleted. */
export async function countKeys(sender: Sender, pattern: string, budgetMs = 3000): Promise<KeyCount> {
	const until = performance.now() + budgetMs;
	const sample: string[] = [];
	let cursor = '0';
	let keys = 0;
	do {
		const step = await scanStep(sender, cursor, {pattern});
		cursor = step.cursor;
		keys += step.keys.length;
		for (const key of step.keys.slice(0, sampleSize - sample.length)) sample.push(printKey(key));
	} while (cursor !== '0' && performance.now() < until);
	return {pattern, keys, sample, complete: cursor === '0'};
}
