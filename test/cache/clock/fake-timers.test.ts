import {readdirSync, readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

describe('a cache in a test with fake timers', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('that is created under them works in real time', async () => {
		const cache = fixture.create({ttl: '1h'});
		expect(await cache.set('k', 1)).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe(1);
		expect(await cache.getOrSet('l', async () => 2)).toBe(2);
		expect(await cache.invalidateTags(['t'])).toEqual({stored: 'redis'});
		const away = fixture.create({url: 'redis://127.0.0.1:1'});
		expect(await away.get('k')).toBeUndefined();
		await expect(away.ready(50)).rejects.toThrow(/is not in use after 50 ms/);
		await expect(away.getOrSet('k', () => new Promise(() => {}), {hardTimeout: 20})).rejects.toThrow(/within 20 ms/);
		await Promise.all([cache.close(), away.close()]);
	});

	it('that was created before reconnects, recovers and keeps its deadlines', async () => {
		vi.useRealTimers();
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {ttl: '1h'});
		vi.useFakeTimers();
		proxy.add({kind: 'refuse'});
		while (cache.stats().mode.mode === 'connected') await cache.get('k');
		expect(await cache.set('k', 1)).toEqual({stored: 'memory'});
		proxy.heal();
		await cache.ready('30s');
		expect(await cache.set('k', 2)).toEqual({stored: 'redis'});
		await cache.close();
	});
});

describe('the library', () => {
	it('takes every timer and clock from time/real-time.ts', () => {
		const root = new URL('../../../source/', import.meta.url);
		const bare: string[] = [];
		for (const room of ['cache', 'pool', 'metrics']) {
			for (const name of readdirSync(new URL(room, root), {recursive: true, encoding: 'utf8'})) {
				if (!name.endsWith('.ts')) continue;
				const text = readFileSync(new URL(`${room}/${name}`, root), 'utf8').replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, '');
				const isBare = (word: string) =>
					new RegExp(`(?<![.\\w#])${word}\\(`).test(text) &&
					!new RegExp(`import \\{[^}]*\\b${word}\\b[^}]*\\} from '[./]*time/real-time.js'`).test(text);
				for (const word of ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'])
					if (isBare(word)) bare.push(`${room}/${name}: ${word}`);
				if (/(?<![.\w])(performance|Date)\.now\(/.test(text)) bare.push(`${room}/${name}: now`);
			}
		}
		expect(bare).toEqual([]);
	});
});
