import {expect, it} from 'vitest';
import {LatencyMeter} from '../../source/metrics/latency-meter.js';

it('counts durations up to each bound, for ever', () => {
	let now = 0;
	const meter = new LatencyMeter(() => now);
	for (const ms of [0, 0.5, 0.6, 200, 200.1, 90_000]) meter.record(ms);
	now = 60_000;
	expect(meter.summary().count).toBe(0);
	const {count, sumMs, buckets} = meter.histogram();
	expect([count, sumMs]).toEqual([6, 90_401.2]);
	const upTo = (ms: number) => buckets.find(({upToMs}) => upToMs === ms)?.count;
	expect([upTo(0.5), upTo(1), upTo(100), upTo(200), upTo(500), upTo(10_000)]).toEqual([2, 3, 3, 4, 5, 5]);
});
