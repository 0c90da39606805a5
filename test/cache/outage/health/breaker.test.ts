import {describe, expect, it} from 'vitest';
import {Breaker} from '../../../../source/cache/outage/health/breaker.js';

describe('the breaker', () => {
	it('opens after a number of failures in a row', () => {
		const breaker = new Breaker({consecutive: 3, rate: 1, minimum: 1000}, 200);
		breaker.recordFailure();
		breaker.recordFailure();
		breaker.recordSuccess();
		expect(breaker.recordFailure()).toBeUndefined();
		expect(breaker.recordFailure()).toBeUndefined();
		expect(breaker.recordFailure()).toBe('3 failures in a row');
	});

	it('is opened by two silences that enough calls waited for, but not by one, however many commands and calls it held up', () => {
		const breaker = new Breaker({consecutive: 5, rate: 1, minimum: 1000}, 200);
		for (let now = 1000; now < 1200; now += 20) expect(breaker.recordMiss(64, now)).toBeUndefined();
		breaker.recordSuccess();
		for (let now = 2000; now < 2200; now += 20) expect(breaker.recordMiss(64, now)).toBeUndefined();
		expect(breaker.recordMiss(1, 2200)).toBe('5 failures in a row');
		const strict = new Breaker({consecutive: 1, rate: 1, minimum: 1000}, 200);
		expect(strict.recordMiss(64, 1000)).toBe('1 failures in a row');
	});

	it('counts each missed deadline of calls that were made one after the other', () => {
		const breaker = new Breaker({consecutive: 3, rate: 1, minimum: 1000}, 200);
		expect(breaker.recordMiss(1, 1000)).toBeUndefined();
		expect(breaker.recordMiss(1, 1200)).toBeUndefined();
		expect(breaker.recordMiss(1, 1400)).toBe('3 failures in a row');
	});

	it('opens when the share of failures in the last ten seconds is too high', () => {
		const breaker = new Breaker({consecutive: 1000, rate: 0.5, minimum: 10}, 200);
		for (let call = 0; call < 4; call++) {
			breaker.recordSuccess();
			expect(breaker.recordFailure()).toBeUndefined();
		}
		breaker.recordSuccess();
		expect(breaker.recordFailure()).toBe('5 of the last 10 calls failed');
		for (let second = 0; second < 11; second++) breaker.tick();
		for (let call = 0; call < 9; call++) breaker.recordSuccess();
		expect(breaker.recordFailure()).toBeUndefined();
	});

	it('forgets all failures when it is reset', () => {
		const breaker = new Breaker({consecutive: 2, rate: 0.5, minimum: 4}, 200);
		breaker.recordFailure();
		breaker.reset();
		expect(breaker.recordFailure()).toBeUndefined();
	});
});
