import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

/** Dates an entry five seconds ahead: as if the server's clock had been set back since it was written. */
const dateAhead = async (key: string): Promise<void> => {
	const physical = `rct:default:${key}`;
	const ahead = String(Number(await fixture.raw.getrange(physical, 8, 23)) + 5_000_000).padStart(16, '0');
	await fixture.raw.setrange(physical, 8, ahead + ahead);
};

const setAhead = async (cache: RedisCache, key: string, value: unknown, tags: string[] = []): Promise<void> => {
	await cache.set(key, value, {tags});
	await dateAhead(key);
};

describe('after the clock of the server was set back', () => {
	it('a clear is obeyed', async () => {
		const [writer, reader] = [await fixture.open(), await fixture.open()];
		await setAhead(writer, 'k', 'old');
		await writer.clear();
		expect(await reader.get('k')).toBeUndefined();
		expect(await (await fixture.open()).get('k')).toBeUndefined();
	});

	it('an invalidated tag is', async () => {
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
		await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		proxy.heal();
		await until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});
		expect(await cache.get('k')).toBeUndefined();
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});

	it('a value that memory has from before gives way to one that was set since', async () => {
		const reader = await fixture.open();
		const writer = await fixture.open({memory: false});
		await writer.set('k', 'old');
		expect(await reader.get('k')).toBe('old');
		// What memory has is of a later version than what comes next.
		const inMemory = () => reader.internals.parts.namespaces.open('default').tier?.get('k');
		await until(async () => (await reader.get('k')) === 'old' && inMemory() !== undefined, 'it is in memory');
		const entry = inMemory();
		if (entry === undefined) throw new Error('not in memory');
		reader.internals.parts.namespaces.open('default').tier?.put('k', {...entry, version: entry.version + 5_000_000});
		await writer.delete('k');
		await writer.set('k', 'new');
		await until(
			() => reader.internals.parts.namespaces.open('default').tier?.get('k')?.epoch === -1,
			'the news have come in',
		);
		expect(await reader.get('k')).not.toBe('old');
		expect(await reader.get('k')).not.toBe('old');
	});
});

describe('a journal file', () => {
	it('written when this clock was an hour ahead does not keep a cache from starting', async () => {
		const path = join(fixture.redis.directory, 'ahead.journal');
		const line = {
			kind: 'key',
			name: 'rct:default:k',
			change: {asOf: (Date.now() + 3_600_000) * 1000, settledAt: Date.now() + 3_600_000},
		};
		writeFileSync(path, `${JSON.stringify(line)}\n`);
		const cache = fixture.create({journal: {path}});
		await cache.ready('10s');
		expect(cache.stats().journal).toMatchObject({size: 0, reconciled: 1});
	});
});
