import {scanSteps} from '../../keys/scan.js';
import {numberOf, type Sender} from '../../sender.js';

/** Keys whose counters are read. Each is a lookup, which the application's own hit graphs show as well. */
const sampledKeys = 500;

/** Keys visited by one step of the scan. */
const stepKeys = 100;

type LfuKey = {
	readonly key: Buffer;
	/** Logarithmic, 0 to 255. */
	readonly counter: number;
};

type LfuSample = {
	/** The most used first. */
	readonly keys: readonly LfuKey[];
	/** Keys sampled of all keys, 0 to 1. */
	readonly share: number;
};

/** The counters of some keys, which a server with an LFU policy keeps for its evictions. */
export async function sampleByLfu(sender: Sender): Promise<LfuSample> {
	const total = numberOf(await sender.send('DBSIZE', [])) ?? 0;
	const found: LfuKey[] = [];
	for await (const {keys} of scanSteps(sender, {count: stepKeys})) {
		const asked = keys.slice(0, sampledKeys - found.length);
		const counters = await Promise.all(asked.map((key) => sender.send('OBJECT', ['FREQ', key]).catch(() => undefined)));
		for (const [index, reply] of counters.entries()) {
			const [counter, key] = [numberOf(reply), asked[index]];
			if (counter !== undefined && key) found.push({key, counter});
		}
		if (found.length >= sampledKeys) break;
	}
	return {
		keys: found.sort((a, b) => b.counter - a.counter),
		share: total === 0 ? 1 : Math.min(1, found.length / total),
	};
}
