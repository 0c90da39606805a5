import {scanStep} from './scan.js';
import {numberOf, type Sender} from './sender.js';

export type TtlSample = {
	/** Milliseconds left of each key looked at; `Infinity` for those that do not expire. */
	readonly ttls: readonly number[];
	/** Keys there are. */
	readonly total: number;
	/** Where to go on; `'0'`: the scan came round. */
	readonly cursor: string;
};

export type TtlSampleOptions = {
	/** Where the sample before ended, so that in time every key is seen. Default `'0'`. */
	readonly cursor?: string;
	/** Keys looked at, at least; default 1000. */
	readonly keys?: number;
	/** Milliseconds after which to stop with what there is. Default 50. */
	readonly budgetMs?: number;
};

/** The TTLs of some keys. SCAN gives keys in the order of their hashes, so any stretch of it is a fair sample. */
export async function sampleTtl(sender: Sender, options: TtlSampleOptions = {}): Promise<TtlSample> {
	const until = performance.now() + (options.budgetMs ?? 50);
	const wanted = options.keys ?? 1000;
	const total = numberOf(await sender.send('DBSIZE', [])) ?? 0;
	// A keyspace that fits in one sample is always read from its start: then nothing is an estimate.
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
