import {numberOf, type Sender} from '../sender.js';
import {scanStep} from './scan.js';

export type TtlSample = {
	/** Remaining time of each visited key in milliseconds; `Infinity` for keys that do not expire. */
	readonly ttls: readonly number[];
	/** Number of keys in the database. */
	readonly total: number;
	/** Cursor for the next sample; `'0'` when the scan has visited all keys. */
	readonly cursor: string;
};

type TtlSampleOptions = {
	/** `cursor` of the previous sample, so that over time all keys are visited. Default `'0'`. */
	readonly cursor?: string;
	/** Minimum number of keys to visit. Default 1000. */
	readonly keys?: number;
	/** Time limit in milliseconds. What was found until then is returned. Default 50. */
	readonly budgetMs?: number;
};

/** Samples the TTLs of some keys. SCAN visits keys in the order of their hashes, so each part of a scan is a random sample. */
export async function sampleTtl(sender: Sender, options: TtlSampleOptions = {}): Promise<TtlSample> {
	const until = performance.now() + (options.budgetMs ?? 50);
	const wanted = options.keys ?? 1000;
	const total = numberOf(await sender.send('DBSIZE', [])) ?? 0;
	// A keyspace that fits in one sample is read completely each time, so that the result is exact.
	let cursor = total <= wanted ? '0' : (options.cursor ?? '0');
	const ttls: number[] = [];
	do {
		const step = await scanStep(sender, cursor);
		cursor = step.cursor;
		const replies = await Promise.all(step.keys.map((key) => sender.send('PTTL', [key])));
		for (const reply of replies) {
			const left = numberOf(reply) ?? -2;
			if (left !== -2) ttls.push(left < 0 ? Number.POSITIVE_INFINITY : left);
		}
	} while (cursor !== '0' && ttls.length < wanted && performance.now() < until);
	return {ttls, total: Math.max(total, ttls.length), cursor};
}
