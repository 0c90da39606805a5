import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {calls, wrong} from '../support/every-call.js';

const fixture = redisFixture();

describe('a signal', () => {
	it('may be shared by many reads, without a warning of Node.js, and keeps no listener', async () => {
		const cache = await fixture.open();
		const warnings: Error[] = [];
		const onWarning = (warning: Error) => warnings.push(warning);
		process.on('warning', onWarning);
		const controller = new AbortController();
		const {signal} = controller;
		let listeners = 0;
		const {addEventListener, removeEventListener} = signal;
		signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
			listeners++;
			addEventListener.apply(signal, args);
		};
		signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
			listeners--;
			removeEventListener.apply(signal, args);
		};
		const keys = Array.from({length: 30}, (_, index) => `k${index}`);
		const calls = keys.flatMap((key) => [cache.get(key, {signal}), cache.getOrSet(key, () => 1, {signal})]);
		expect(listeners).toBe(1);
		await Promise.all(calls);
		expect(listeners).toBe(0);
		const waiting = keys.map((key) => settle(cache.getOrSet(`other ${key}`, () => new Promise(() => {}), {signal})));
		controller.abort(new Error('gave up'));
		for (const call of waiting) expect((await call).error).toMatchObject({message: 'gave up'});
		expect(listeners).toBe(0);
		await new Promise((resolve) => setTimeout(resolve, 5));
		process.removeListener('warning', onWarning);
		expect(warnings.filter(({name}) => name === 'MaxListenersExceededWarning')).toEqual([]);
	});

	for (const name of ['get', 'getEntry', 'has', 'ttl', 'getMany', 'getOrSet'] as const) {
		it(`makes ${name} reject early`, async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy, {deadline: '10s'});
			proxy.add({kind: 'stall'});
			const controller = new AbortController();
			const call = calls[name]?.(cache, wrong({signal: controller.signal})) ?? Promise.resolve();
			const settled = settle(call);
			controller.abort(new Error('gave up'));
			const {error, ms} = await settled;
			expect(error).toMatchObject({message: 'gave up'});
			expect(ms).toBeLessThan(1000);
			proxy.heal();
		});

		it(`of another type makes ${name} reject`, async () => {
			const cache = await fixture.open();
			const call = calls[name]?.(cache, wrong({signal: new AbortController()})) ?? Promise.resolve();
			expect((await settle(call)).error).toMatchObject({
				code: 'ERR_INVALID_ARGUMENT',
				message: 'signal must be an AbortSignal, not object',
			});
		});
	}
});
