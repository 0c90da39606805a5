import {describe, expect, it} from 'vitest';
import {redisFixture} from '../support/cache-fixture.js';
import {gate} from '../support/gate.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

/** Keeps the event loop busy. */
const block = (ms: number): void => {
	const until = performance.now() + ms;
	while (performance.now() < until);
};

describe('a lease that ran out because the event loop was blocked', () => {
	it('still lets the value in, if nobody took it: the next call need not load again', async () => {
		const cache = await fixture.open({ttl: '1h'});
		await cache.set('warm', 1);
		let loads = 0;
		const load = async () => {
			loads++;
			await new Promise(setImmediate);
			block(600);
			return 'value';
		};
		for (let call = 0; call < 3; call++) {
			expect(await cache.getOrSet('k', load)).toBe('value');
			await until(() => cache.stats().pending === 0 && cache.internals.parts.flights.size === 0, 'stored');
		}
		expect(loads).toBe(1);
		expect(cache.stats().counters.fillsRefused).toBe(0);
		expect(await (await fixture.open()).get('k')).toBe('value');
	});

	it('may be taken by another process, whose value then counts', async () => {
		const stuck = await fixture.open({ttl: '1h'});
		const other = await fixture.open({ttl: '1h'});
		await stuck.set('warm', 1);
		const {promise, open} = gate<string>();
		let begun = false;
		const slow = stuck.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the load is under way');
		// As if no renewal had come in time.
		await fixture.raw.setrange('rct:default:k', 72, '1'.padStart(16, '0'));
		expect(await other.getOrSet('k', () => 'other')).toBe('other');
		open('late');
		expect(await slow).toBe('late');
		await until(() => stuck.stats().counters.fillsRefused === 1, 'the late one is refused');
		expect(await stuck.get('k')).toBe('other');
	});
});
