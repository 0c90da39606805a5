import {AsyncLocalStorage} from 'node:async_hooks';
import {expect, it} from 'vitest';
import type {Codec} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

const caller = new AsyncLocalStorage<string>();

it('listeners and codecs run in the context of the call that they run for', async () => {
	const seen: string[] = [];
	const note = (what: string, key: string) => seen.push(`${what} ${key} for ${caller.getStore()}`);
	const codec: Codec = {
		id: 'X',
		encode: (value) => {
			note('encode', String(value));
			return String(value);
		},
		decode: (bytes) => {
			note('decode', bytes.toString());
			return bytes.toString();
		},
	};
	const cache = await fixture.open({codec, memory: false, compression: false});
	for (const event of ['hit', 'miss', 'set', 'delete'] as const) cache.on(event, ({key}) => note(event, key));
	const as = (key: string, work: () => Promise<unknown>) => caller.run(key, work);
	const keys = ['a', 'b', 'c'];
	await Promise.all(keys.map((key) => as(key, () => cache.get(key))));
	await Promise.all(keys.map((key) => as(key, () => cache.set(key, key))));
	await Promise.all(keys.map((key) => as(key, () => cache.get(key))));
	await Promise.all(keys.map((key) => as(key, () => cache.getOrSet(key, () => 'not asked'))));
	await Promise.all(keys.map((key) => as(key, () => cache.delete(key))));
	const expected = ['miss', 'encode', 'set', 'decode', 'hit', 'decode', 'hit', 'delete'];
	expect([...seen].sort()).toEqual(keys.flatMap((key) => expected.map((what) => `${what} ${key} for ${key}`)).sort());
});
