import {describe, expect, it} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';

const fixture = redisFixture();

const codeOf = (error: unknown): unknown => (error as {readonly code?: unknown} | undefined)?.code;

describe('keys', () => {
	const bad: readonly (readonly [string, unknown])[] = [
		['empty', ''],
		['of 513 bytes', 'k'.repeat(513)],
		['of 171 characters and 513 bytes', '€'.repeat(171)],
		['with a NUL', 'a\0b'],
		['with a newline', 'a\nb'],
		['with a DEL', 'a\u007Fb'],
		['with half a character', 'a\uD800b'],
		['with the other half of a character', '\uDC00'],
		['undefined', undefined],
		['null', null],
		['a number', 1],
		['an object', {}],
		['a symbol', Symbol('k')],
	];
	for (const [name, key] of bad) {
		it(`${name}: rejected by every call, with one line`, async () => {
			const cache = await fixture.open();
			const k = key as string;
			const calls = [
				() => cache.get(k),
				() => cache.getEntry(k),
				() => cache.has(k),
				() => cache.set(k, 1),
				() => cache.delete(k),
				// It loads a key that is only too long.
				...(name.startsWith('of ') ? [] : [() => cache.getOrSet(k, () => 1)]),
				() => cache.getMany([k]),
				() => cache.setMany([[k, 1]]),
				() => cache.deleteMany([k]),
				() => cache.ttl(k),
				() => cache.expire(k, 1000),
				() => cache.touch(k),
				() => cache.invalidateTags([k]),
				() => cache.set('fine', 1, {tags: [k]}),
				() => cache.getOrSet('fine', () => 1, {tags: [k]}),
			];
			for (const call of calls) {
				const {error} = await settle(call());
				expect(codeOf(error)).toBe('ERR_INVALID_KEY');
				expect((error as Error).message).not.toContain('\n');
			}
			expect(await fixture.raw.dbsize()).toBe(0);
			expect(cache.stats().pending).toBe(0);
		});
	}

	it('of 512 bytes, with spaces, colons, emoji and other characters are accepted', async () => {
		const cache = await fixture.open();
		const keys = ['k'.repeat(512), '€'.repeat(170), 'a b:c*?[x]{y}', '🙂', '!', ' ', '__proto__', 'constructor'];
		for (const [index, key] of keys.entries()) await cache.set(key, index);
		const other = await fixture.open();
		for (const [index, key] of keys.entries()) expect(await other.get(key)).toBe(index);
		expect(await other.getMany(keys)).toEqual(new Map(keys.map((key, index) => [key, index])));
	});

	it('of different namespaces never collide', async () => {
		const cache = await fixture.open();
		await cache.set('other:k', 'default');
		await cache.namespace('other').set('k', 'other');
		expect(await cache.get('other:k')).toBe('default');
		expect(await cache.namespace('other').get('k')).toBe('other');
		await cache.namespace('other').clear();
		expect(await cache.get('other:k')).toBe('default');
	});
});

describe('names', () => {
	it.each(['', 'a b', 'a:b', '!a', 'ä', 'x'.repeat(65), 'a\n'])('a namespace or prefix %j is rejected', (name) => {
		const cache = fixture.create();
		expect(() => cache.namespace(name)).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
		expect(() => new RedisCache({namespace: name})).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
		expect(() => new RedisCache({prefix: name})).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
	});

	it('more than 64 tags, and more than 1024 namespaces, are rejected', async () => {
		const cache = await fixture.open({memory: {maxEntries: 10}});
		const tags = Array.from({length: 65}, (_, index) => `t${index}`);
		expect(codeOf((await settle(cache.set('k', 1, {tags}))).error)).toBe('ERR_INVALID_KEY');
		expect(await cache.set('k', 1, {tags: tags.slice(1)})).toEqual({stored: 'redis'});
		expect(await (await fixture.open()).get('k')).toBe(1);
		for (let index = 1; index < 1024; index++) cache.namespace(`n${index}`);
		expect(() => cache.namespace('one more')).toThrow(expect.objectContaining({code: 'ERR_INVALID_KEY'}));
		expect(() => cache.namespace('one-more')).toThrow(expect.objectContaining({code: 'ERR_INVALID_ARGUMENT'}));
		cache.namespace('n1');
	});
});
