import {describe, expect, it} from 'vitest';
import type {SafetySwitches} from '../../../source/cache/outage/safety-switches.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {refuseConnections} from '../support/refuse-connections.js';

/**
 * A value that a process replaced or deleted during an outage must not come back after it. Each scenario returns the value that is read
 * afterwards; without dirty keys it is the old one.
 */
const fixture = redisFixture();

const scenarios: Readonly<Record<string, (switches: Partial<SafetySwitches>) => Promise<unknown>>> = {
	'a delete': async (switches) => {
		const {cache, other, heal} = await refuseConnections(fixture, switches, {}, (before) => before.set('k', 'old'));
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBeUndefined();
		await heal();
		expect(await other.get('k')).toBe(await cache.get('k'));
		return cache.get('k');
	},
	'a set': async (switches) => {
		const {cache, other, heal} = await refuseConnections(fixture, switches, {memory: false}, (before) =>
			before.set('k', 'old'),
		);
		await cache.set('k', 'new');
		await heal();
		expect(await other.get('k')).toBe(await cache.get('k'));
		return cache.get('k');
	},
	'a clear': async (switches) => {
		const {cache, heal} = await refuseConnections(fixture, switches, {memory: false}, (before) =>
			before.set('k', 'old'),
		);
		await cache.clear();
		await heal();
		// This process remembers its own clear, so another one has to read.
		return (await fixture.open()).get('k');
	},
	'an invalidation of a tag': async (switches) => {
		const {cache, heal} = await refuseConnections(fixture, switches, {memory: false}, (before) =>
			before.set('k', 'old', {tags: ['t']}),
		);
		await cache.invalidateTags(['t']);
		await heal();
		return (await fixture.open()).get('k');
	},
	'a shorter life': async (switches) => {
		const {cache, heal} = await refuseConnections(fixture, switches, {memory: false}, (before) =>
			before.set('k', 'old', {ttl: '1h'}),
		);
		await cache.expire('k', 1);
		await heal();
		return cache.get('k');
	},
	'a set of a value that had expired before the outage was over': async (switches) => {
		const {cache, heal} = await refuseConnections(fixture, switches, {}, (before) =>
			before.set('k', 'old', {ttl: '1h'}),
		);
		await cache.set('k', 'new', {ttl: 50});
		await until(async () => (await cache.get('k')) === undefined, 'the new value has expired');
		await new Promise((resolve) => setTimeout(resolve, 100));
		await heal();
		return cache.get('k');
	},
	'more deletes than the journal holds': async (switches) => {
		const keys = Array.from({length: 40}, (_, index) => `k${index}`);
		const {cache, other, heal} = await refuseConnections(fixture, switches, {journal: {maxKeys: 7}}, (before) =>
			before.setMany(keys.map((key) => [key, 'old'])),
		);
		await cache.deleteMany(keys);
		expect((await cache.getMany(keys)).size).toBe(0);
		await heal();
		const found = new Set([...(await cache.getMany(keys)).values(), ...(await other.getMany(keys)).values()]);
		return [...found][0];
	},
	'a delete that was lost on its way, with Redis still in use': async (switches) => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(
			proxy,
			{memory: false, pool: {missedDeadlines: 1000}, breaker: {consecutive: 1000}},
			switches,
		);
		await cache.set('k', 'old');
		const fault = proxy.add({kind: 'error', error: 'CLUSTERDOWN'});
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		proxy.lift(fault.id);
		expect(cache.stats().mode.mode).toBe('connected');
		return cache.get('k');
	},
};

describe('what was changed during an outage does not come back', () => {
	for (const [change, scenario] of Object.entries(scenarios)) {
		it(change, async () => {
			expect(await scenario({})).toBeUndefined();
		});

		it(`${change}: without dirty keys it does`, async () => {
			expect(await scenario({dirtyKeys: false})).toBe('old');
		});
	}
});

describe('reads in a long outage', () => {
	it('do not fill the journal with sliding TTLs', async () => {
		const {cache} = await refuseConnections(
			fixture,
			{},
			{ttl: {default: '3s', sliding: true, jitter: 0}},
			async (before) => {
				for (let index = 0; index < 20; index++) await before.set(`k${index}`, index);
			},
		);
		// Longer than the TTL: read now and then, they stay.
		const begun = performance.now();
		await until(async () => {
			for (let index = 0; index < 20; index++) expect(await cache.get(`k${index}`)).toBe(index);
			return performance.now() - begun > 3100;
		}, 'the TTL is over');
		expect(cache.stats().journal.size).toBe(0);
	});

	it('never return a value whose tag was invalidated, however many tags were invalidated since', async () => {
		const {cache} = await refuseConnections(fixture, {}, {journal: {maxKeys: 100_000}}, (before) =>
			before.set('k', 'old', {tags: ['first']}),
		);
		await cache.invalidateTags(['first']);
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('other', 'old', {tags: ['first']});
		await cache.invalidateTags(['first']);
		for (let round = 0; round < 330; round++)
			await cache.invalidateTags(Array.from({length: 64}, (_, index) => `${round}:${index}`));
		expect(await cache.get('other')).toBeUndefined();
	});
});
