import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ServerClock} from '../../../source/cache/clock/server-clock.js';

/** A sample of a server whose clock is ahead by `offset` ms, with these latencies there and back. */
const ask = (clock: ServerClock, t0: number, offset: number, thereMs: number, backMs: number): void => {
	clock.sample(t0, Math.round((t0 + thereMs + offset) * 1000), t0 + thereMs + backMs);
};

const ms = fc.double({min: 0, max: 300, noNaN: true});

const start = 1_700_000_000_000;

describe('the server clock', () => {
	it('is bounded from both sides, however uneven the latency of the two directions', () => {
		fc.assert(
			fc.property(
				fc.double({min: -1e6, max: 1e6, noNaN: true}),
				fc.array(fc.tuple(ms, ms), {minLength: 1, maxLength: 20}),
				(offset, ways) => {
					const clock = new ServerClock(() => start);
					let now = start;
					for (const [there, back] of ways) {
						ask(clock, now, offset, there, back);
						now += there + back + 1000;
					}
					const at = now + 500;
					expect(clock.notAfter(at) / 1000).toBeLessThanOrEqual(at + offset + 0.01);
					expect(clock.notBefore(at) / 1000).toBeGreaterThanOrEqual(at + offset - 0.01);
					expect(Math.abs(clock.estimate(at) / 1000 - at - offset)).toBeLessThanOrEqual(301 + 0.01);
				},
			),
		);
	});

	it('is known as precisely as the fastest reply allows', () => {
		const clock = new ServerClock(() => start);
		ask(clock, start, 1000, 100, 100);
		expect(clock.notBefore(start) - clock.notAfter(start)).toBeGreaterThan(190_000);
		ask(clock, start + 300, 1000, 0.1, 0.1);
		ask(clock, start + 400, 1000, 100, 100);
		expect(clock.notBefore(start + 600) - clock.notAfter(start + 600)).toBeLessThan(500);
	});

	it('is learned again after it was set', () => {
		const clock = new ServerClock(() => start);
		ask(clock, start, 0, 0.1, 0.1);
		ask(clock, start + 1000, 5000, 0.1, 0.1);
		expect(clock.estimate(start + 1001) / 1000 - start - 1001).toBeCloseTo(5000, 0);
	});

	it('has bounds that widen with time, because clocks drift apart', () => {
		const clock = new ServerClock(() => start);
		ask(clock, start, 0, 0.1, 0.1);
		const hour = 3_600_000;
		expect(clock.notAfter(start + hour) / 1000).toBeLessThan(start + hour - 500);
		expect(clock.notBefore(start + hour) / 1000).toBeGreaterThan(start + hour + 500);
	});
});
