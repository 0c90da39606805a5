import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {InFlightLimit} from '../../../source/cache/admission/in-flight-limit.js';

const deadlineMs = 200;

describe('the calls in flight on a lane', () => {
	it('are as many as fit into one command at first, and twice as many after each command that is answered soon', () => {
		const limit = new InFlightLimit(256, deadlineMs);
		expect(limit.current).toBe(64);
		limit.answered(64, 0, 10);
		limit.answered(64, 10, 20);
		expect(limit.current).toBe(192);
	});

	it('are halved once for all commands of a round trip that are late, and rise slowly from then on', () => {
		const limit = new InFlightLimit(256, deadlineMs);
		for (let time = 0; time < 50; time += 10) limit.answered(64, time, time + 1);
		expect(limit.current).toBe(256);
		limit.answered(64, 100, 250);
		limit.missed(110, 310);
		limit.missed(120, 320);
		expect(limit.current).toBe(128);
		limit.missed(310, 510);
		expect(limit.current).toBe(64);
		limit.answered(64, 520, 530);
		expect(limit.current).toBe(80);
	});

	it('are never fewer than the least, and never more than a lane takes', () => {
		const round = fc.record({ms: fc.integer({min: 0, max: 400}), calls: fc.integer({min: 1, max: 64})});
		fc.assert(
			fc.property(fc.integer({min: 1, max: 256}), fc.array(round), (max, rounds) => {
				const limit = new InFlightLimit(max, deadlineMs);
				let now = 0;
				for (const {ms, calls} of rounds) {
					if (ms < deadlineMs) limit.answered(calls, now, now + ms);
					else limit.missed(now, now + ms);
					now += ms;
					expect(limit.current).toBeGreaterThanOrEqual(limit.min);
					expect(limit.current).toBeLessThanOrEqual(max);
				}
			}),
		);
	});
});
