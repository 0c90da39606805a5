import {scanSteps} from '../../keys/scan.js';
import {numberOf, type Sender} from '../../sender.js';

/** Number of keys whose counters are read. Each counts as a lookup, and so shows in the application's own hit graphs. */
const sampledKeys = 500;

/** Number of keys that one step of the scan visits. */
const stepKeys = 100;

type LfuKey = {
	readonly key: Buffer;
	/** The LFU counter: logarithmic, 0 to 255. */
	readonly counter: number;
};

type LfuSample = {
	/** The most used first. */
	readonly keys: readonly LfuKey[];
	/** Share of all keys that was sampled, 0 to 1. */
	readonly share: number;
};

/** Reads the LFU counters of a sample of keys. Only a server with an LFU eviction policy has them. */
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
