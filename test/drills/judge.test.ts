import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import type {Expectation} from '../../source/drills/drill-types.js';
import {EventLoopLagMonitor} from '../../source/drills/event-loop-lag-monitor.js';
import {parseExpectation} from '../../source/drills/expectation.js';
import {judge} from '../../source/drills/judge.js';
import {LatenessCounts} from '../../source/drills/lateness.js';
import {until} from '../support/until.js';

const report: DrillReport = {
	drill: 'short',
	server: 'redis-server 7.0.15 (private)',
	passed: false,
	durationMs: 1000,
	calls: 500,
	skippedCalls: 0,
	failedCalls: 1,
	hungCalls: 0,
	wrongReads: 0,
	availability: 0.998,
	settleMs: {p50: 1, p99: 270, max: 900},
	faultSettleMs: {p50: 2, p99: 300, max: 900},
	machineLateMs: {p50: 0, p99: 15, max: 80},
	hitRatio: 0.5,
	modes: [{mode: 'connected', atMs: 0}],
	recoveryMs: 1100,
	journal: {max: 5, overflowed: 0, reconciled: 5},
	expectations: [],
};

function expectation(text: string): Expectation {
	const parsed = parseExpectation(text);
	if (typeof parsed === 'string') throw new Error(parsed);
	return parsed;
}

describe('an expectation', () => {
	it.each<[string, boolean, number | undefined]>([
		['settleMs.p99 <= 300', true, undefined],
		['settleMs.p99 <= 250', true, 20],
		['faultSettleMs.p99 <= 250', false, undefined],
		['recoveryMs <= 1000', true, 100],
		['recoveryMs <= 900', false, undefined],
		['settleMs.p99 >= 290', false, undefined],
		['settleMs.p50 < 1', false, undefined],
		['settleMs.max <= 100', false, undefined],
		['failedCalls <= 0', false, undefined],
		['availability >= 0.9999', false, undefined],
		['machineLateMs.p99 <= 10', false, undefined],
	])('%s on a machine that was 15 ms late (p99), 80 ms at most: passed is %s', (text, passed, toleratedMs) => {
		const result = judge(expectation(text), report);
		expect(result).toMatchObject({name: text, passed});
		expect(result.toleratedMs).toBe(toleratedMs);
	});

	it('is never excused by more than its own limit, however late the machine was', () => {
		const hopeless = {...report, machineLateMs: {p50: 900, p99: 1500, max: 2000}};
		expect(judge(expectation('settleMs.p99 <= 130'), hopeless)).toMatchObject({passed: false});
		expect(judge(expectation('settleMs.p99 <= 140'), hopeless)).toMatchObject({passed: true, toleratedMs: 130});
	});
});

describe('how late the machine is', () => {
	it('is counted exactly to half a millisecond', () => {
		fc.assert(
			fc.property(fc.array(fc.double({min: 0, max: 1900, noNaN: true}), {minLength: 1, maxLength: 200}), (times) => {
				const counts = new LatenessCounts();
				for (const time of times) counts.record(time);
				const sorted = [...times].sort((a, b) => a - b);
				const {p50, p99, max} = new LatenessCounts(counts.memory).quantiles();
				const exact = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
				for (const [counted, true_] of [
					[p50, exact(0.5)],
					[p99, exact(0.99)],
					[max, exact(1)],
				] as const) {
					expect(counted).toBeLessThanOrEqual(true_);
					expect(counted).toBeGreaterThan(true_ - 0.5001);
				}
			}),
		);
	});

	it('counts for all that came due while the machine stood still, as it does for calls', () => {
		const counts = new LatenessCounts();
		for (let quiet = 0; quiet < 1900; quiet++) counts.recordFrom(0, 5);
		counts.recordFrom(500, 5);
		// Of ten seconds half a one: of all that came due the last hundredth was late by 400 ms and more.
		expect(counts.samples).toBe(2000);
		expect(counts.quantiles()).toEqual({p50: 0, p99: 400, max: 500});
		counts.recordFrom(3_600_000, 5);
		expect(counts.samples).toBe(2400);
	});

	it('is 0 while nothing was measured', () => {
		expect(new LatenessCounts().quantiles()).toEqual({p50: 0, p99: 0, max: 0});
	});

	it('is measured beside the event loop: one that holds itself up is no excuse', async () => {
		const watch = new EventLoopLagMonitor();
		await until(() => watch.samples() > 20, 'the first samples');
		const before = watch.samples();
		const end = performance.now() + 400;
		while (performance.now() < end);
		// It went on while this thread did not.
		expect(watch.samples() - before).toBeGreaterThan(10);
		expect(watch.lateness().p50).toBeLessThan(100);
		await watch.close();
	});
});
