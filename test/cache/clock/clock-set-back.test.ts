import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {memoryEntry, untilConnected, untilFallback, untilInvalidated} from '../support/states.js';

const fixture = redisFixture();

/** Moves the times of an entry five seconds ahead, as if the server clock had been set back since. */
const dateAhead = async (key: string): Promise<void> => {
	const physical = `rct:default:${key}`;
	const ahead = String(Number(await fixture.raw.getrange(physical, 8, 23)) + 5_000_000).padStart(16, '0');
	await fixture.raw.setrange(physical, 8, ahead + ahead);
};

const setAhead = async (cache: RedisCache, key: string, value: unknown, tags: string[] = []): Promise<void> => {
	await cache.set(key, value, {tags});
	await dateAhead(key);
};

describe('after the server clock was set back', () => {
	it('a clear hides entries with later times', async () => {
		const [writer, reader] = [await fixture.open(), await fixture.open()];
		await setAhead(writer, 'k', 'old');
		await writer.clear();
		expect(await reader.get('k')).toBeUndefined();
		expect(await (await fixture.open()).get('k')).toBeUndefined();
	});

	it('an invalidated tag hides entries with later times', async () => {
		const writer = await fixture.open();
		await setAhead(writer, 'k', 'old', ['t']);
		await writer.invalidateTags(['t']);
		expect(await (await fixture.open()).get('k')).toBeUndefined();
	});

	it('what was deleted in an outage does not come back', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		const writer = await fixture.open();
		await setAhead(writer, 'k', 'old');
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		proxy.heal();
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});

	it('a value with a later version in memory gives way to one that was set since', async () => {
		const reader = await fixture.open();
		const writer = await fixture.open({memory: false});
		await writer.set('k', 'old');
		expect(await reader.get('k')).toBe('old');
		// Memory has a later version than the next set will get.
		const inMemory = () => memoryEntry(reader, 'k');
		await until(async () => (await reader.get('k')) === 'old' && inMemory() !== undefined, 'it is in memory');
		const entry = inMemory();
		if (entry === undefined) throw new Error('not in memory');
		reader.internals.parts.namespaces.open('default').tier?.put('k', {...entry, version: entry.version + 5_000_000});
		await writer.delete('k');
		await writer.set('k', 'new');
		await untilInvalidated(reader, fixture.raw);
		expect(memoryEntry(reader, 'k')?.epoch).toBe(-1);
		expect(await reader.get('k')).not.toBe('old');
		expect(await reader.get('k')).not.toBe('old');
	});
});
