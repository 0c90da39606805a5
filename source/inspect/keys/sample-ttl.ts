import {numberOf, type Sender} from '../sender.js';
import {scanStep} from './scan.js';

export type TtlSample = {
	/** Milliseconds left of each key visited; `Infinity` for those that do not expire. */
	readonly ttls: readonly number[];
	/** Keys in the database. */
	readonly total: number;
	/** Where the next sample starts; `'0'` when the scan has visited all keys. */
	readonly cursor: string;
};

type TtlSampleOptions = {
	/** Where the previous sample ended, so that in time every key is visited. Default `'0'`. */
	readonly cursor?: string;
	/** Keys to visit, at least. Default 1000. */
	readonly keys?: number;
	/** Milliseconds after which to stop with what was found so far. Default 50. */
	readonly budgetMs?: number;
};

/** Samples the TTLs of some keys. SCAN visits keys in the order of their hashes, so any part of it is a fair sample. */
export async function sampleTtl(sender: Sender, options: TtlSampleOptions = {}): Promise<TtlSample> {
	const until = performance.now() + (options.budgetMs ?? 50);
	const wanted = options.keys ?? 1000;
	const total = numberOf(await sender.send('DBSIZE', [])) ?? 0;
	// A keyspace that fits in one sample is read from its start each time, so that nothing is an estimate.
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
