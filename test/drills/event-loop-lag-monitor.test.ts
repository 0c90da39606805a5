import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EventLoopLagMonitor} from '../../source/drills/lateness/event-loop-lag-monitor.js';
import {LatenessHistogram} from '../../source/drills/lateness/lateness.js';
import {blockLoop} from '../support/block-loop.js';
import {until} from '../support/until.js';

describe('the lateness of timers', () => {
	it('has quantiles that are exact to half a millisecond', () => {
		fc.assert(
			fc.property(fc.array(fc.double({min: 0, max: 1900, noNaN: true}), {minLength: 1, maxLength: 200}), (times) => {
				const counts = new LatenessHistogram();
				for (const time of times) counts.record(time);
				const sorted = [...times].sort((a, b) => a - b);
				const {p50, p99, max} = new LatenessHistogram(counts.memory).quantiles();
				const exact = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
				for (const [measured, expected] of [
					[p50, exact(0.5)],
					[p99, exact(0.99)],
					[max, exact(1)],
				] as const) {
					expect(measured).toBeLessThanOrEqual(expected);
					expect(measured).toBeGreaterThan(expected - 0.5001);
				}
			}),
		);
	});

	it('counts every firing that was due while the machine stood still, as calls are counted', () => {
		const counts = new LatenessHistogram();
		for (let quiet = 0; quiet < 1900; quiet++) counts.recordFrom(0, 5);
		counts.recordFrom(500, 5);
		// Half a second out of ten: the last hundredth of all firings was late by 400 ms or more.
		expect(counts.samples).toBe(2000);
		expect(counts.quantiles()).toEqual({p50: 0, p99: 400, max: 500});
		counts.recordFrom(3_600_000, 5);
		expect(counts.samples).toBe(2400);
	});

	it('is 0 while nothing was measured', () => {
		expect(new LatenessHistogram().quantiles()).toEqual({p50: 0, p99: 0, max: 0});
	});

	it('is measured in another thread, so that a blocked event loop is no excuse', async () => {
		const monitor = new EventLoopLagMonitor();
		await until(() => monitor.samples() > 20, 'the first samples');
		const before = monitor.samples();
		blockLoop(400);
		// It went on while this thread did not.
		expect(monitor.samples() - before).toBeGreaterThan(10);
		expect(monitor.lateness().p50).toBeLessThan(100);
		await monitor.close();
	});
});
