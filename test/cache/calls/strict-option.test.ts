import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {calls, wrong} from '../support/every-call.js';
import {untilFallback} from '../support/states.js';

const fixture = redisFixture();

describe('the strict option of a call', () => {
	const strictCalls = Object.entries(calls).filter(([name]) => name !== 'getOrSet');
	for (const [name, call] of strictCalls) {
		it(`makes ${name} reject in fallback if true, and fall back if false`, async () => {
			const proxy = await fixture.proxy();
			const cache = await fixture.openBehind(proxy);
			const strictCache = await fixture.openBehind(proxy, {strict: true});
			proxy.add({kind: 'refuse'});
			for (const each of [cache, strictCache]) await untilFallback(each);
			expect((await settle(call(cache, wrong({strict: true})))).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
			expect((await settle(call(strictCache, wrong({})))).error).toMatchObject({code: 'ERR_UNAVAILABLE'});
			expect((await settle(call(strictCache, wrong({strict: false})))).error).toBeUndefined();
		});
	}
});
