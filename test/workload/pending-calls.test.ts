import {expect, it} from 'vitest';
import {monotonicNow} from '../../source/time/real-time.js';
import {PendingCalls} from '../../source/workload/pending-calls.js';

const limitMs = 30;

/** Milliseconds passed, and checks made, when an unsettled call is found to hang; a turn of the loop takes `turnMs` at least. */
async function foundAfter(turnMs: number): Promise<{readonly ms: number; readonly turns: number}> {
	const pending = new PendingCalls();
	const begunAt = monotonicNow();
	pending.add(begunAt, false, 0);
	let isFound = false;
	for (let turns = 1; ; turns++) {
		await new Promise((resolve) => setTimeout(resolve, turnMs));
		pending.check(limitMs, () => {
			isFound = true;
		});
		if (isFound) return {ms: monotonicNow() - begunAt, turns};
	}
}

it('a call hangs that has not settled in time, although the event loop has turned many times', async () => {
	expect((await foundAfter(1)).ms).toBeGreaterThan(limitMs);
	// Forty turns of 5 ms are more than the limit: it is this process that is slow.
	expect((await foundAfter(5)).turns).toBeGreaterThanOrEqual(40);
});
