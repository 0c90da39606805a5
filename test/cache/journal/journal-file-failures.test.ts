import fs, {existsSync, writeFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {DirtyChange} from '../../../source/cache/journal/dirty-change.js';
import {Journal} from '../../../source/cache/journal/journal.js';
import {JournalFile} from '../../../source/cache/journal/journal-file.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {newPath, noted} from '../support/journal-files.js';
import {memoryEntry, untilFallback, untilInvalidated} from '../support/states.js';

const fixture = redisFixture();

const nowhere = 'redis://127.0.0.1:1';

/** A cache in fallback, without any Redis. */
const openAway = async (path: string): Promise<RedisCache> => {
	const cache = new RedisCache({url: nowhere, journal: {path}});
	onTestFinished(() => cache.close());
	await untilFallback(cache);
	return cache;
};

/** Makes every write to a file fail. @returns A function that ends it. */
const fillDisk = (): (() => void) => {
	const {writeSync} = fs;
	const fail: typeof fs.writeSync = () => {
		throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
	};
	fs.writeSync = fail;
	syncBuiltinESMExports();
	return () => {
		fs.writeSync = writeSync;
		syncBuiltinESMExports();
	};
};

describe('a journal file that cannot be written', () => {
	it('fails no call, keeps dirty keys in memory, and is reported once', () => {
		const failures: Error[] = [];
		const full = new Error('ENOSPC: no space left on device, write');
		const fail = (): never => {
			throw full;
		};
		let isFull = true;
		const store = {
			noted: () => {
				if (isFull) fail();
			},
			reconciled: () => {},
			emptied: fail,
			close: () => {},
		};
		const journal = new Journal(10, store, (error) => failures.push(error));
		const change: DirtyChange = {asOf: 1, finalAt: 0};
		const namesOf = (generationKey: string) => ({generationKey, entryPrefix: ''});
		journal.addKey('a', namesOf('marker'), change);
		journal.addKey('b', namesOf('marker'), change);
		journal.addMarker('marker', namesOf('marker'), change);
		expect(journal.hasKey('a') && journal.hasKey('b') && journal.hasMarker('marker')).toBe(true);
		expect(failures).toEqual([full]);
		isFull = false;
		journal.addMarker('other time', namesOf('other time'), change);
		isFull = true;
		journal.addMarker('third time', namesOf('third time'), change);
		expect(failures).toEqual([full, full]);
	});

	it('is reported as an error event, and calls go on', async () => {
		const path = newPath();
		const cache = await openAway(path);
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => {
			if (operation === 'journal') errors.push(error.message);
		});
		const heal = fillDisk();
		try {
			expect(await cache.set('a', 1)).toEqual({stored: 'memory'});
			expect(await cache.delete('b')).toEqual({stored: 'memory'});
			expect(await cache.clear()).toEqual({stored: 'memory'});
		} finally {
			heal();
		}
		expect(errors).toEqual([expect.stringMatching(/journal file cannot be written \(ENOSPC/)]);
		expect(cache.stats()).toMatchObject({pending: 0, journal: {size: 3}});
		await cache.delete('c');
		expect(noted(path)).toHaveLength(1);
	});

	it('does not keep the other reads of a batch from being answered when one of them makes a key dirty', async () => {
		const path = newPath();
		const cache = await fixture.open({journal: {path}});
		await cache.set('a', 1);
		const old = await fixture.raw.getBuffer('rct:default:a');
		await cache.set('a', 2);
		// A rollback of Redis.
		await fixture.raw.set('rct:default:a', old ?? '', 'PX', 60_000);
		await untilInvalidated(cache, fixture.raw);
		expect(memoryEntry(cache, 'a')?.epoch).toBe(-1);
		const heal = fillDisk();
		try {
			expect(await Promise.all([cache.get('a'), cache.get('b'), cache.get('c')])).toEqual(Array(3).fill(undefined));
		} finally {
			heal();
		}
	});
});

describe('a journal file whose last line was torn', () => {
	it('is continued in a new line', async () => {
		const path = newPath();
		writeFileSync(path, '{"kind":"key","na');
		const cache = await openAway(path);
		await cache.delete('precious');
		expect(noted(path)).toEqual(['rct:default:precious']);
	});
});

describe('a journal file that is compacted', () => {
	it('holds what is dirty, and stays bounded', () => {
		const path = newPath();
		const file = new JournalFile(path);
		onTestFinished(() => file.close());
		const change: DirtyChange = {asOf: 1, finalAt: 1};
		for (let index = 0; index < 1000; index++) file.noted('key', `key ${index}`, change);
		for (let round = 0; round < 120_000; round++) file.noted('key', 'busy', {asOf: round, finalAt: round});
		const names = noted(path);
		expect(names.length).toBeLessThan(100_002);
		expect(new Set(names).size).toBe(1001);
		expect(names.at(-1)).toBe('busy');
		expect(existsSync(`${path}.new`)).toBe(false);
	});
});
