import {describe, expect, it} from 'vitest';
import {RateMeter} from '../../source/metrics/rate-meter.js';

describe('a rate meter', () => {
	it('is 0 before the first event', () => {
		expect(new RateMeter(() => 5000).perSecond()).toBe(0);
	});

	it('measures a steady rate exactly', () => {
		let now = 0;
		const meter = new RateMeter(() => now);
		for (; now < 3000; now += 10) meter.add(2);
		expect(meter.perSecond()).toBe(200);
	});

	it('falls to 0 a second after the last event', () => {
		let now = 0;
		const meter = new RateMeter(() => now);
		meter.add(50);
		now = 500;
		expect(meter.perSecond()).toBe(50);
		now = 1200;
		expect(meter.perSecond()).toBe(0);
	});

	it('does not count the same tenth of a second twice after a long silence', () => {
		let now = 50;
		const meter = new RateMeter(() => now);
		meter.add(50);
		now = 1_000_000;
		meter.add(3);
		now += 100;
		expect(meter.perSecond()).toBe(3);
	});
});
