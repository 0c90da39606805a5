import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {wrong} from '../support/every-call.js';

const fixture = redisFixture();

describe('bulk calls', () => {
	it('store, read and remove many values, in the order of the keys', async () => {
		const cache = await fixture.open({deadline: '5s'});
		const keys = Array.from({length: 3000}, (_, index) => `k${index}`);
		expect(await cache.setMany(keys.map((key, index) => [key, index] as const))).toEqual({stored: 'redis'});
		const other = await fixture.open({deadline: '5s'});
		const found = await other.getMany<number>([...keys, 'missing'].reverse());
		expect([...found.keys()]).toEqual([...keys].reverse());
		expect(found.get('k2999')).toBe(2999);
		expect(await other.deleteMany(keys)).toEqual({stored: 'redis'});
		expect((await (await fixture.open({deadline: '5s'})).getMany(keys)).size).toBe(0);
	});

	it('without keys do nothing', async () => {
		const cache = await fixture.open();
		expect(await cache.getMany([])).toEqual(new Map());
		expect(await cache.setMany([])).toEqual({stored: 'redis'});
		expect(await cache.deleteMany([])).toEqual({stored: 'redis'});
		expect(await cache.invalidateTags([])).toEqual({stored: 'redis'});
	});

	it('accept the same key twice', async () => {
		const cache = await fixture.open();
		await cache.setMany([
			['k', 1],
			['k', 2],
		]);
		expect(await cache.getMany(['k', 'k'])).toEqual(new Map([['k', 2]]));
		await cache.deleteMany(['k', 'k']);
		expect(await cache.get('k')).toBeUndefined();
	});

	const iterables: Readonly<Record<string, () => Iterable<string>>> = {
		'an array': () => ['a', 'b'],
		'a Set': () => new Set(['a', 'b']),
		'the keys of a Map': () =>
			new Map([
				['a', 1],
				['b', 2],
			]).keys(),
		'a generator': function* () {
			yield 'a';
			yield 'b';
		},
	};
	for (const [name, keys] of Object.entries(iterables)) {
		it(`accept ${name}`, async () => {
			const cache = await fixture.open();
			await cache.setMany(new Map(Object.entries({a: 1, b: 2, c: 3})), {tags: ['a', 'b']});
			expect(await cache.getMany(keys())).toEqual(new Map(Object.entries({a: 1, b: 2})));
			expect(await cache.deleteMany(keys())).toEqual({stored: 'redis'});
			expect(await cache.getMany(['a', 'b', 'c'])).toEqual(new Map([['c', 3]]));
			expect(await cache.invalidateTags(keys())).toEqual({stored: 'redis'});
			expect(await cache.get('c')).toBeUndefined();
		});
	}

	it.each(['key', null, undefined, 1, {}])('reject %j as a list of keys', async (keys) => {
		const cache = await fixture.open();
		for (const call of [
			() => cache.getMany(wrong(keys)),
			() => cache.deleteMany(wrong(keys)),
			() => cache.invalidateTags(wrong(keys)),
		])
			expect((await settle<unknown>(call())).error).toMatchObject({code: 'ERR_INVALID_ARGUMENT'});
	});
});
