import {describe, expect, it} from 'vitest';
import {MemoryBudget} from '../../../source/cache/memory/memory-budget.js';
import type {MemoryEntryFields} from '../../../source/cache/memory/memory-entry.js';
import {MemoryTier} from '../../../source/cache/memory/memory-tier.js';
import {redisFixture} from '../../support/cache-fixture.js';

const record = (value: unknown, bytes: number): MemoryEntryFields => ({
	kind: 'value',
	encoded: undefined,
	value,
	version: 1,
	stamp: {generation: 1, incarnation: 0, count: 0},
	since: 0,
	obtainedAt: 0,
	learnedAt: 0,
	freshUntil: 1,
	staleUntil: 1,
	ttlMs: 1,
	tags: [],
	bytes,
	epoch: 0,
	trustedUntil: 0,
});

describe('the memory budget of a cache', () => {
	it('applies to all namespaces together: the largest one drops its least recently used entry', () => {
		const evicted: string[] = [];
		const budget = new MemoryBudget({maxEntries: 10, maxBytes: 1e9});
		const large = new MemoryTier(budget, (key) => evicted.push(`large ${key}`));
		const small = new MemoryTier(budget, (key) => evicted.push(`small ${key}`));
		for (let index = 0; index < 8; index++) large.put(`k${index}`, record('v', 1));
		large.get('k0');
		for (let index = 0; index < 4; index++) small.put(`k${index}`, record('v', 1));
		expect(evicted).toEqual(['large k1', 'large k2']);
		expect([large.size, small.size]).toEqual([6, 4]);
	});

	it('counts bytes, and regains those of entries that are deleted, replaced or cleared', () => {
		const budget = new MemoryBudget({maxEntries: 1000, maxBytes: 100_000});
		const one = new MemoryTier(budget, () => {});
		const other = new MemoryTier(budget, () => {});
		for (let round = 0; round < 50; round++) {
			for (let index = 0; index < 40; index++) one.put(`k${index}`, record('v', 2000));
			for (let index = 0; index < 40; index++) other.put(`k${index}`, record('v', 1000));
			expect(one.bytes + other.bytes).toBeLessThanOrEqual(100_000);
			for (let index = 0; index < 40; index += 2) one.delete(`k${index}`);
			if (round % 3 === 0) other.clear();
		}
		one.clear();
		other.clear();
		for (let index = 0; index < 70; index++) other.put(`k${index}`, record('v', 1000));
		expect(other.size).toBe(70);
	});

	it('counts arrays and objects with twice their encoded bytes', () => {
		const budget = new MemoryBudget({maxEntries: 10, maxBytes: 1e9});
		const tier = new MemoryTier(budget, () => {});
		tier.put('k', record('text', 10_000));
		const text = tier.bytes;
		tier.put('k', record({an: 'object'}, 10_000));
		expect(tier.bytes - text).toBe(10_000);
	});
});

describe('a cache', () => {
	const fixture = redisFixture();

	it('stays within its budget with many namespaces, and frees all of it when it closes', async () => {
		const cache = await fixture.open({ttl: '1h', memory: {maxEntries: 100}});
		for (let space = 0; space < 20; space++) {
			const entries = Array.from({length: 20}, (_, index) => [`k${index}`, index] as const);
			await cache.namespace(`space-${space}`).setMany(entries);
		}
		expect(cache.stats().memory.entries).toBe(100);
		await cache.close();
		expect(cache.stats().memory).toMatchObject({entries: 0, bytes: 0});
	});

	it('without a memory tier still sees what others clear and invalidate', async () => {
		const cache = await fixture.open({ttl: '1h', memory: false});
		const other = await fixture.open({ttl: '1h'});
		await cache.set('k', 1, {tags: ['t']});
		expect(await cache.get('k')).toBe(1);
		await other.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('k', 2);
		await other.clear();
		expect(await cache.get('k')).toBeUndefined();
	});
});
