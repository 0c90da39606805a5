import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

describe('the msgpack codec', () => {
	it('carries values that JSON cannot', async () => {
		const writer = await fixture.open({codec: 'msgpack'});
		const reader = await fixture.open({codec: 'msgpack'});
		const cycle: {self?: unknown} = {};
		cycle.self = cycle;
		const value = {
			date: new Date(5),
			map: new Map([[1, new Set(['a'])]]),
			big: 2n ** 70n,
			floats: new Float32Array([1, 2]),
			missing: undefined,
			cycle,
		};
		await writer.set('a', value);
		expect(await reader.get('a')).toEqual(value);
	});

	it('decodes any value, whatever was encoded before it', async () => {
		const writer = await fixture.open({codec: 'msgpack', memory: false, deadline: '10s'});
		const key = fc.string({maxLength: 6}).filter((name) => name !== '__proto__');
		const {tree} = fc.letrec((tie) => ({
			tree: fc.oneof(
				{depthSize: 'small'},
				fc.string(),
				fc.integer(),
				fc.bigInt({min: -(2n ** 80n), max: 2n ** 80n}),
				fc.constant(null),
				fc.array(tie('tree'), {maxLength: 6}),
				fc.dictionary(key, tie('tree'), {maxKeys: 20, noNullPrototype: true}),
				fc.array(fc.tuple(key, tie('tree')), {maxLength: 5}).map((entries) => new Map(entries)),
			),
		}));
		await fc.assert(
			fc.asyncProperty(tree, async (value) => {
				await writer.set('a', value);
				expect(await writer.get('a')).toEqual(value);
			}),
			{numRuns: 300},
		);
	});

	it('rejects functions and symbols', async () => {
		const cache = await fixture.open({codec: 'msgpack'});
		await expect(cache.set('a', () => 1)).rejects.toMatchObject({code: 'ERR_INVALID_VALUE'});
		await expect(cache.set('a', Symbol('a'))).rejects.toMatchObject({code: 'ERR_INVALID_VALUE'});
	});
});
