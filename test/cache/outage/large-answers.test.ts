import {expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';

/** A Redis that answers, over a link on which large values take longer than a deadline. */
const fixture = redisFixture();

const options: CacheOptions = {deadline: 200, codec: 'buffer', compression: false, ttl: '1h'};
const mebibyte = (letter: string) => Buffer.alloc(1024 * 1024, letter);
/** At this rate a mebibyte takes more than three deadlines, and enough arrives within one to count as life. */
const slowLink = {kind: 'bandwidth', kbps: 1500, direction: 'down'} as const;

it('a value that another process has replaced is not served because the new one is too large for the deadline', async () => {
	const proxy = await fixture.proxy();
	const writer = await fixture.open({...options, deadline: '10s'});
	await writer.set('k', mebibyte('a'), {strict: true});
	const cache = await fixture.openBehind(proxy, options);
	expect((await cache.get<Buffer>('k'))?.at(0)).toBe('a'.charCodeAt(0));
	proxy.add(slowLink);
	await writer.set('k', mebibyte('b'), {strict: true});
	const served = new Set<string>();
	for (let round = 0; round < 4; round++) {
		await new Promise((resolve) => setTimeout(resolve, 800));
		const isConnected = cache.stats().mode.mode === 'connected';
		const value = await cache.get<Buffer>('k');
		if (isConnected && cache.stats().mode.mode === 'connected') served.add(value?.toString('latin1', 0, 1) ?? 'a miss');
	}
	expect([...served]).toEqual(['a miss']);
});

it('late replies do not pile up: soon after the last large read small calls are answered again', async () => {
	const proxy = await fixture.proxy();
	const keys = Array.from({length: 20}, (_, index) => `k${index}`);
	const writer = await fixture.open({...options, deadline: '10s'});
	await writer.setMany(keys.map((key) => [key, mebibyte('a')]));
	const cache = await fixture.openBehind(proxy, {...options, memory: false});
	proxy.add(slowLink);
	const end = performance.now() + 6000;
	const readAllTheTime = async (key: string): Promise<void> => {
		while (performance.now() < end) {
			await cache.get(key);
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
	};
	await Promise.all(keys.map(readAllTheTime));
	// About 100 MB are due by now if every connection is kept: over a minute.
	await until(async () => (await cache.set('small', Buffer.from('x'))).stored === 'redis', 'a small set');
});
