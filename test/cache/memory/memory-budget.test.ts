import {describe, expect, it} from 'vitest';
import {MemoryBudget} from '../../../source/cache/memory/memory-budget.js';
import type {MemoryEntryFields} from '../../../source/cache/memory/memory-entry.js';
import {MemoryTier} from '../../../source/cache/memory/memory-tier.js';
import {bytesInUse} from '../../benchmark/bytes-in-use.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';

const record = (value: unknown): MemoryEntryFields => ({
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
	bytes: 1,
	epoch: 0,
	trustedUntil: 0,
});

describe('the memory budget of a cache', () => {
	it('applies to all namespaces together: the largest one drops its least recently used entry', () => {
		const evicted: string[] = [];
		const budget = new MemoryBudget({maxEntries: 10, maxBytes: 1e9});
		const large = new MemoryTier(budget, (key) => evicted.push(`large ${key}`));
		const small = new MemoryTier(budget, (key) => evicted.push(`small ${key}`));
		for (let index = 0; index < 8; index++) large.put(`k${index}`, record('v'));
		large.get('k0');
		for (let index = 0; index < 4; index++) small.put(`k${index}`, record('v'));
		expect(evicted).toEqual(['large k1', 'large k2']);
		expect([large.size, small.size]).toEqual([6, 4]);
	});

	it('counts bytes, and regains those of entries that are deleted, replaced or cleared', () => {
		const budget = new MemoryBudget({maxEntries: 1000, maxBytes: 100_000});
		const one = new MemoryTier(budget, () => {});
		const other = new MemoryTier(budget, () => {});
		for (let round = 0; round < 50; round++) {
			for (let index = 0; index < 40; index++) one.put(`k${index}`, record('v'.repeat(2000)));
			for (let index = 0; index < 40; index++) other.put(`k${index}`, record('v'.repeat(1000)));
			expect(one.bytes + other.bytes).toBeLessThanOrEqual(100_000);
			for (let index = 0; index < 40; index += 2) one.delete(`k${index}`);
			if (round % 3 === 0) other.clear();
		}
		one.clear();
		other.clear();
		for (let index = 0; index < 70; index++) other.put(`k${index}`, record('v'.repeat(1000)));
		expect(other.size).toBe(70);
	});

	it('an entry knows if it is still in memory, whatever has removed it', () => {
		const tier = new MemoryTier(new MemoryBudget({maxEntries: 2, maxBytes: 100_000}), () => {});
		const replaced = tier.put('replaced', record('v'));
		const latest = tier.put('replaced', record('w'));
		expect([replaced.isHeld, latest.isHeld]).toEqual([false, true]);
		const deleted = tier.put('deleted', record('v'));
		tier.delete('deleted');
		expect(deleted.isHeld).toBe(false);
		const tooLarge = tier.put('large', record('v'.repeat(200_000)));
		expect([tooLarge.isHeld, tier.get('large')]).toEqual([false, undefined]);
		tier.reweigh('replaced', latest);
		tier.reweigh('replaced', replaced);
		expect(tier.get('replaced')).toBe(latest);
		const second = tier.put('second', record('v'));
		const third = tier.put('third', record('v'));
		expect([latest.isHeld, second.isHeld, third.isHeld]).toEqual([false, true, true]);
		tier.clear();
		expect([second.isHeld, third.isHeld]).toEqual([false, false]);
	});

	it('weighs an entry anew when it is decoded', () => {
		const tier = new MemoryTier(new MemoryBudget({maxEntries: 10, maxBytes: 1e6}), () => {});
		const payload = JSON.stringify(Array.from({length: 1000}, () => [[]]));
		const entry = tier.put('k', {
			...record(undefined),
			encoded: {codec: 'j', compression: '-', payload, bytes: payload.length},
		});
		const encodedBytes = tier.bytes;
		entry.value = JSON.parse(payload);
		entry.encoded = undefined;
		tier.reweigh('k', entry);
		expect(tier.bytes).toBeGreaterThan(10 * encodedBytes);
		expect(tier.size).toBe(1);
		tier.delete('k');
		expect(tier.bytes).toBe(0);
	});

	it('drops an entry that is too large once it is decoded', () => {
		const tier = new MemoryTier(new MemoryBudget({maxEntries: 10, maxBytes: 50_000}), () => {});
		const payload = JSON.stringify(Array.from({length: 1000}, () => [[]]));
		const entry = tier.put('k', {
			...record(undefined),
			encoded: {codec: 'j', compression: '-', payload, bytes: payload.length},
		});
		entry.value = JSON.parse(payload);
		entry.encoded = undefined;
		tier.reweigh('k', entry);
		expect([tier.size, tier.bytes]).toEqual([0, 0]);
	});

	it('of ten million entries takes no memory before the first', () => {
		const before = process.memoryUsage();
		const tier = new MemoryTier(new MemoryBudget({maxEntries: 10_000_000, maxBytes: 1e9}), () => {});
		const after = process.memoryUsage();
		expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(20e6);
		tier.put('k', record('v'));
		expect(tier.size).toBe(1);
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

	it('of large, compressed pages takes no more memory than its budget, with pages set and pages read', async () => {
		const cache = await fixture.open({ttl: '1h', memory: {maxBytes: 8_388_608}});
		const page = (index: number) => ({
			index,
			blocks: Array.from({length: 2500}, (_, block) => ({
				type: 'paragraph',
				text: `page ${index}, block ${block} `.repeat(3),
			})),
		});
		const before = bytesInUse();
		for (let index = 0; index < 80; index++) {
			await cache.set(`page:${index}`, page(index));
			expect(await cache.get(`page:${index}`)).toMatchObject({index});
		}
		// Garbage of the connection that is not collected yet is no part of the memory tier.
		await until(() => bytesInUse() - before < 14e6, 'the memory tier is within its budget');
		expect(cache.stats().memory.entries).toBeGreaterThan(3);
		expect(cache.stats().memory.bytes).toBeLessThanOrEqual(8_388_608);
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
