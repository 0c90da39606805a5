import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {calls, wrong} from '../support/every-call.js';

const fixture = redisFixture();

describe('a signal', () => {
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
