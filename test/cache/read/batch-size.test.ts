import {expect, it} from 'vitest';
import {BatchSize} from '../../../source/cache/read/batch-size.js';

const kibibyte = 1024;

it('an MGET has few keys until the size of entries is known, then as many as fit', () => {
	const size = new BatchSize();
	expect(size.maxKeys).toBe(16);
	size.answered(10, 10 * 100);
	expect(size.maxKeys).toBe(256);
	size.answered(10, 10 * 64 * kibibyte);
	expect(size.maxKeys).toBe(8);
	size.answered(1, 8 * 1024 * kibibyte);
	expect(size.maxKeys).toBe(1);
});

it('an MGET has half the keys after one that was not answered in time, fewer if more arrived, and slowly more again', () => {
	const size = new BatchSize();
	size.answered(200, 200 * 100);
	size.missed(200, 0);
	expect(size.maxKeys).toBe(100);
	size.missed(100, 100 * 1024 * kibibyte);
	expect(size.maxKeys).toBe(1);
	size.answered(1, 100);
	expect(size.maxKeys).toBe(1);
	for (let reply = 0; reply < 400; reply++) size.answered(1, 100);
	expect(size.maxKeys).toBe(256);
});

it('an MGET of one key that is not answered in time says nothing of the size of entries', () => {
	const size = new BatchSize();
	size.answered(10, 10 * 100);
	size.missed(1, 8 * 1024 * kibibyte);
	expect(size.maxKeys).toBe(256);
});
