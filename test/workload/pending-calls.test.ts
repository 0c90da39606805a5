import {availableParallelism} from 'node:os';
import {Worker} from 'node:worker_threads';
import {expect, it} from 'vitest';
import {monotonicNow} from '../../source/time/real-time.js';
import {PendingCalls} from '../../source/workload/pending-calls.js';
import {countedMs, ProcessorClock} from '../../source/workload/processor-clock.js';
import {until} from '../support/until.js';

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

it('a call does not hang while others keep this thread from its work, and does when they have let it for long enough', async () => {
	const longMs = 200;
	let isHeldUp = true;
	let onProcessor = 0;
	const pending = new PendingCalls({now: () => onProcessor});
	const call = pending.add(monotonicNow(), false, 0);
	let hung = 0;
	const turn = async () => {
		const begunAt = monotonicNow();
		await new Promise((resolve) => setTimeout(resolve, 1));
		if (!isHeldUp) onProcessor += monotonicNow() - begunAt;
		pending.check(longMs, () => hung++);
	};
	const heldUpUntil = monotonicNow() + 1.5 * longMs;
	for (let turns = 0; turns < 50 || monotonicNow() < heldUpUntil; turns++) await turn();
	expect(hung).toBe(0);
	isHeldUp = false;
	while (onProcessor <= longMs) await turn();
	expect(hung).toBe(1);
	expect(pending.settled(call, longMs)).toBe(false);
});

it('a call hangs that has lasted many times as long as it may, however little of that this thread had a processor', async () => {
	const pending = new PendingCalls({now: () => 0});
	const begunAt = monotonicNow();
	const call = pending.add(begunAt, false, 0);
	let hung = 0;
	await until(() => {
		pending.check(limitMs, () => hung++);
		return hung > 0;
	}, 'the call to be found to hang');
	expect(monotonicNow() - begunAt).toBeGreaterThan(10 * limitMs);
	expect(hung).toBe(1);
	expect(pending.undecided).toBe(0);
	expect(pending.settled(call, limitMs)).toBe(false);
});

it('of a thread that has to wait for a processor only the time counts in which it had nothing to do', () => {
	expect(countedMs({passed: 100, waited: 0, idle: 0})).toBe(100);
	expect(countedMs({passed: 100, waited: 10, idle: 40})).toBe(90);
	expect(countedMs({passed: 100, waited: 50, idle: 80})).toBe(30);
	expect(countedMs({passed: 100, waited: 70, idle: 5})).toBe(0);
});

it('a call that has settled late without hanging is told apart from one in time', () => {
	const pending = new PendingCalls();
	const call = pending.add(monotonicNow(), false, 0);
	expect(pending.settled(call, 1000)).toBe(false);
	const other = pending.add(monotonicNow(), false, 0);
	const until = monotonicNow() + 5;
	while (monotonicNow() < until);
	expect(pending.settled(other, 4)).toBe(true);
});

it.skipIf(process.platform !== 'linux')(
	'the processor clock goes behind where more threads want a processor than there are',
	async () => {
		const clock = new ProcessorClock();
		const blind = new ProcessorClock('/nonexistent');
		const begun = [clock.now(), blind.now()] as const;
		const spin = 'const until = performance.now() + 10_000; while (performance.now() < until);';
		const workers = Array.from({length: 4 * availableParallelism()}, () => new Worker(spin, {eval: true}));
		try {
			await until(() => {
				const busyUntil = monotonicNow() + 20;
				while (monotonicNow() < busyUntil);
				return blind.now() - begun[1] > clock.now() - begun[0] + 100;
			}, 'this thread to wait for a processor');
		} finally {
			await Promise.all(workers.map((worker) => worker.terminate()));
		}
	},
);

it('a call hangs that has not settled in time, although the event loop has turned many times', async () => {
	expect((await foundAfter(1)).ms).toBeGreaterThan(limitMs);
	// Forty turns of 5 ms are more than the limit: it is this process that is slow.
	expect((await foundAfter(5)).turns).toBeGreaterThanOrEqual(40);
});
