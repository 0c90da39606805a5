import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {LatencyWindow} from '../../source/metrics/latency-window.js';

describe('a latency window', () => {
	it('has no quantiles before anything was measured', () => {
		expect(new LatencyWindow().summary()).toEqual({
			count: 0,
			p50: undefined,
			p90: undefined,
			p99: undefined,
			max: undefined,
		});
	});

	it('has quantiles in milliseconds with two significant digits', () => {
		const window = new LatencyWindow(10_000, () => 0);
		for (let ms = 1; ms <= 100; ms++) window.record(ms);
		const {count, p50, p90, p99, max} = window.summary();
		expect(count).toBe(100);
		expect(p50).toBeCloseTo(50, -0.5);
		expect(p90).toBeCloseTo(90, -0.5);
		expect(p99).toBeCloseTo(99, -0.5);
		expect(max).toBeGreaterThanOrEqual(100);
		expect(max).toBeLessThan(101);
	});

	it('drops measurements older than its window, and keeps those of the last three quarters', () => {
		let now = 1_000_000;
		const window = new LatencyWindow(10_000, () => now);
		window.record(5);
		now += 7400;
		expect(window.summary().count).toBe(1);
		now += 2700;
		expect(window.summary().count).toBe(0);
	});

	it('starts empty after a long silence', () => {
		let now = 0;
		const window = new LatencyWindow(10_000, () => now);
		window.record(5);
		now += 1e9;
		window.record(7);
		expect(window.summary()).toMatchObject({count: 1});
	});

	it('counts every measurement of its window, whatever the times between them', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.integer({min: 0, max: 4000}), fc.double({min: 0, max: 1e9, noNaN: true}))),
				(steps) => {
					let now = 12_345;
					const window = new LatencyWindow(10_000, () => now);
					const times: number[] = [];
					for (const [pause, ms] of steps) {
						now += pause;
						times.push(now);
						window.record(ms);
					}
					const {count} = window.summary();
					expect(count).toBeGreaterThanOrEqual(times.filter((at) => now - at < 7500).length);
					expect(count).toBeLessThanOrEqual(times.filter((at) => now - at < 10_000).length);
				},
			),
		);
	});
});
