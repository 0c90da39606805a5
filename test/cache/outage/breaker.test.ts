import {describe, expect, it} from 'vitest';
import {Breaker} from '../../../source/cache/outage/breaker.js';

describe('the breaker', () => {
	it('opens after a number of failures in a row', () => {
		const breaker = new Breaker({consecutive: 3, rate: 1, minimum: 1000});
		breaker.recordFailure();
		breaker.recordFailure();
		breaker.recordSuccess();
		expect(breaker.recordFailure()).toBeUndefined();
		expect(breaker.recordFailure()).toBeUndefined();
		expect(breaker.recordFailure()).toBe('3 failures in a row');
	});

	it('is opened by two failed commands in a row, but not by one, however many calls it carried', () => {
		const breaker = new Breaker({consecutive: 5, rate: 1, minimum: 1000});
		expect(breaker.recordFailure(64)).toBeUndefined();
		breaker.recordSuccess();
		expect(breaker.recordFailure(64)).toBeUndefined();
		expect(breaker.recordFailure(1)).toBe('5 failures in a row');
		const strict = new Breaker({consecutive: 1, rate: 1, minimum: 1000});
		expect(strict.recordFailure(64)).toBe('1 failures in a row');
	});

	it('opens when the share of failures in the last ten seconds is too high', () => {
		const breaker = new Breaker({consecutive: 1000, rate: 0.5, minimum: 10});
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
		const breaker = new Breaker({consecutive: 2, rate: 0.5, minimum: 4});
		breaker.recordFailure();
		breaker.reset();
		expect(breaker.recordFailure()).toBeUndefined();
	});
});
