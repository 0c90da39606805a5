import {setTimeout as sleep} from 'node:timers/promises';
import type {LoaderOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

/** Calls of one slot of time, by what became of them. */
export type Slot = {good: number; failed: number; refused: number};

export type Start = {
	readonly url: string;
	readonly keys: number;
	/** Calls a second. */
	readonly rate: number;
	readonly slotMs: number;
	readonly loader: LoaderOptions;
};

const burstMs = 20;

const answers = new Map<number, () => void>();
let lastAsk = 0;
process.on('message', ({answer}: {readonly answer?: number}) => {
	if (answer === undefined) return;
	answers.get(answer)?.();
	answers.delete(answer);
});

/** A call of the origin, which the parent process plays. */
const askOrigin = () =>
	new Promise<void>((resolve) => {
		answers.set(++lastAsk, resolve);
		process.send?.({ask: lastAsk});
	});

let isRunning = true;
let cache: RedisCache | undefined;
const slots: Slot[] = [];

async function call({keys, slotMs}: Start, beganAt: number): Promise<void> {
	const index = Math.floor((performance.now() - beganAt) / slotMs);
	slots[index] ??= {good: 0, failed: 0, refused: 0};
	const slot = slots[index] as Slot;
	const key = `key:${Math.floor(Math.random() * keys)}`;
	try {
		await cache?.getOrSet(key, async () => {
			await askOrigin();
			return {key, text: 'x'.repeat(200)};
		});
		slot.good++;
	} catch (error) {
		const {code} = error as {code?: string};
		if (code === 'ERR_LOAD_QUEUE_FULL') slot.refused++;
		// Calls that are in progress at the end do not count.
		else if (code !== 'ERR_CLOSED') slot.failed++;
	}
}

serve({
	start: async (terms: Start) => {
		cache = new RedisCache({url: terms.url, ttl: {default: '1h', grace: '1h'}, deadline: '1s', loader: terms.loader});
		await cache.ready();
		const beganAt = performance.now();
		void (async () => {
			for (let made = 0; isRunning; ) {
				await sleep(burstMs);
				const due = ((performance.now() - beganAt) / 1000) * terms.rate;
				for (; made < due; made++) void call(terms, beganAt);
			}
		})();
	},
	stop: async () => {
		isRunning = false;
		await cache?.close();
		return slots;
	},
});
