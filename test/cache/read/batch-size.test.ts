import {expect, it} from 'vitest';
import {BatchSize} from '../../../source/cache/read/mget/batch-size.js';
import {ReadQueues} from '../../../source/cache/read/mget/read-queues.js';

const kibibyte = 1024;

/** A size that has seen enough small entries for the largest MGET. */
const grown = (): BatchSize => {
	const size = new BatchSize();
	for (let keys = 8; keys <= 256; keys *= 2) size.answered(keys, keys * 100);
	return size;
};

it('an MGET has few keys until the size of entries is known, then up to twice as many with each reply', () => {
	const size = new BatchSize();
	expect(size.maxKeys).toBe(8);
	size.answered(8, 8 * 100);
	expect(size.maxKeys).toBe(16);
	size.answered(3, 3 * 100);
	expect(size.maxKeys).toBe(16);
	size.answered(16, 16 * 100);
	expect(size.maxKeys).toBe(32);
	expect(grown().maxKeys).toBe(256);
});

it('an MGET has no more keys than fit, by the size of entries', () => {
	const size = grown();
	size.answered(10, 10 * 64 * kibibyte);
	expect(size.maxKeys).toBe(8);
	size.answered(1, 8 * 1024 * kibibyte);
	expect(size.maxKeys).toBe(1);
});

it('an MGET has half the keys after one that was not answered in time, fewer if more arrived, and slowly more again', () => {
	const size = grown();
	size.missed(200, 0);
	expect(size.maxKeys).toBe(100);
	size.missed(100, 100 * 1024 * kibibyte);
	expect(size.maxKeys).toBe(1);
	size.answered(1, 100);
	expect(size.maxKeys).toBe(1);
	for (let reply = 0; reply < 400; reply++) size.answered(size.maxKeys, size.maxKeys * 100);
	expect(size.maxKeys).toBe(256);
});

it('an MGET of one key that is not answered in time says nothing of the size of entries', () => {
	const size = grown();
	size.missed(1, 8 * 1024 * kibibyte);
	expect(size.maxKeys).toBe(256);
});

it('before the first reply a second MGET has to wait for it, and one call reads few keys at a time', () => {
	const size = new BatchSize();
	expect(size.expectedBytes(size.maxKeys)).toBeGreaterThanOrEqual(2 * 1024 * kibibyte);
	expect(size.maxReads).toBe(8);
	size.answered(8, 8 * 1024 * kibibyte);
	expect(size.maxReads, 'four mebibytes').toBe(4);
	expect(grown().maxReads).toBe(2048);
});

it('a command of markers only says nothing of the size of entries, and waits for no other', () => {
	const size = new BatchSize();
	size.answered(0, 0);
	size.missed(0, 0);
	expect(size.maxKeys).toBe(8);
	expect(size.expectedBytes(0)).toBe(0);
	expect(size.maxReads).toBe(8);
});

it('in a cluster, commands to one node do not become smaller because another one is slow', () => {
	const queues = new ReadQueues(
		{
			now: () => 0,
			deadlineMs: 100,
			maxInFlight: () => 1,
			minInFlight: 1,
			maxWaiting: 10,
			isBusy: () => false,
			beforeSending() {},
			isUsable: () => true,
			send() {},
			reject() {},
		},
		true,
	);
	for (const node of ['a', 'b'])
		for (let keys = 8; keys <= 256; keys *= 2) queues.sizeOf(node).answered(keys, keys * 100);
	queues.sizeOf('a').missed(256, 0);
	expect(queues.sizeOf('a').maxKeys).toBeLessThanOrEqual(128);
	expect(queues.sizeOf('b').maxKeys).toBe(256);
	expect(queues.maxReads).toBe(2048);
});
