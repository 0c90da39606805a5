import {describe, expect, it} from 'vitest';
import type {Codec} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';

const fixture = redisFixture();

const codeOf = (error: unknown): unknown => (error as {readonly code?: unknown} | undefined)?.code;

describe('values', () => {
	const cycle: Record<string, unknown> = {};
	cycle.self = cycle;
	const bad: readonly (readonly [string, unknown])[] = [
		['undefined', undefined],
		['a function', () => 1],
		['a symbol', Symbol('s')],
		['a cycle', cycle],
		['a BigInt', 1n],
		['an object with a BigInt inside', {deep: [{n: 1n}]}],
		['an object whose toJSON gives undefined', {toJSON: () => undefined}],
		['one whose toJSON throws', {toJSON: () => boom()}],
		['one over the limit', 'x'.repeat(1001)],
	];
	for (const [name, value] of bad) {
		it(`${name}: rejected by set, and the old value stays; given to its caller by getOrSet`, async () => {
			const cache = await fixture.open({maxValueBytes: 1000, compression: false});
			await cache.set('k', 'before');
			expect(codeOf((await settle(cache.set('k', value))).error)).toBe('ERR_INVALID_VALUE');
			expect(await cache.get('k')).toBe('before');
			if (value === undefined) return;
			expect(await cache.getOrSet('new', () => value)).toBe(value);
			expect(await cache.getOrSet('new', () => 'fine')).toBe('fine');
		});
	}

	it('null, false, 0, the empty string and empty containers are accepted', async () => {
		const cache = await fixture.open();
		const other = await fixture.open({memory: false});
		for (const value of [null, false, 0, '', [], {}]) {
			await cache.set('k', value);
			expect(await cache.get('k')).toEqual(value);
			expect(await other.getOrSet('k', () => 'not asked')).toEqual(value);
			expect(await other.has('k')).toBe(true);
		}
	});

	it('with the buffer codec only bytes are accepted', async () => {
		const cache = await fixture.open({codec: 'buffer'});
		expect(codeOf((await settle(cache.set('k', 'text'))).error)).toBe('ERR_INVALID_VALUE');
		await cache.set('k', new Uint8Array([1, 2, 3]).subarray(1));
		expect(await cache.get('k')).toEqual(Buffer.from([2, 3]));
	});

	it.each([undefined, null, 1, {}, [1]])('a codec that encodes a value to %j makes set reject', async (encoded) => {
		const codec: Codec = {id: 'X', encode: () => encoded as unknown as string, decode: () => 1};
		const cache = await fixture.open({codec});
		expect(codeOf((await settle(cache.set('k', 1))).error)).toBe('ERR_INVALID_VALUE');
	});
});

function boom(): never {
	throw new Error('boom');
}

describe('a value that the caller modifies after set', () => {
	it('is stored as it was', async () => {
		const cache = await fixture.open();
		const value = {items: [1]};
		const stored = cache.set('k', value);
		value.items.push(2);
		await stored;
		expect(await cache.get('k')).toEqual({items: [1]});
	});

	it('of bytes is stored as it was', async () => {
		const cache = await fixture.open({codec: 'buffer'});
		const value = Buffer.from('before');
		const stored = cache.set('k', value);
		value.fill('x');
		await stored;
		expect(await cache.get('k')).toEqual(Buffer.from('before'));
		expect(await (await fixture.open({codec: 'buffer'})).get('k')).toEqual(Buffer.from('before'));
	});
});
