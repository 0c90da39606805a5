import {execFileSync} from 'node:child_process';
import fs, {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {DirtyChange} from '../../../../source/cache/journal/dirty-change.js';
import {Journal} from '../../../../source/cache/journal/journal.js';
import {JournalFile} from '../../../../source/cache/journal/store/journal-file.js';
import {RedisCache} from '../../../../source/cache/redis-cache.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {until} from '../../../support/until.js';
import {newPath, noted} from '../../support/journal-files.js';
import {memoryEntry, untilFallback, untilInvalidated} from '../../support/states.js';

const fixture = redisFixture();

const nowhere = 'redis://127.0.0.1:1';

/** A cache in fallback, without any Redis. */
const openAway = async (path: string): Promise<RedisCache> => {
	const cache = new RedisCache({url: nowhere, journal: {path}});
	onTestFinished(() => cache.close());
	await untilFallback(cache);
	return cache;
};

/**
 * Lets a few more bytes be written, and then makes every write fail, as a full disk does.
 *
 * @returns A function that ends it.
 */
const fillDisk = (room = 0): (() => void) => {
	const {writeSync} = fs;
	let left = room;
	const fail = (fd: number, bytes: Buffer, at = 0): number => {
		if (left > 0) {
			const written = writeSync(fd, bytes, at, Math.min(left, bytes.length - at));
			left -= written;
			return written;
		}
		throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
	};
	fs.writeSync = fail as typeof fs.writeSync;
	syncBuiltinESMExports();
	return () => {
		fs.writeSync = writeSync;
		syncBuiltinESMExports();
	};
};

/** The names that a process finds which opens the file as it is now. */
const namesAfterCrash = (path: string): ReadonlySet<string> => {
	const copy = newPath();
	copyFileSync(path, copy);
	const file = new JournalFile(copy);
	const names = new Set(file.records.map(({name}) => name));
	file.close();
	return names;
};

/** True if this user may mount a file system. */
function mayMount(): boolean {
	const directory = mkdtempSync(join(tmpdir(), 'rct-mount-'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], {stdio: 'ignore'});
		execFileSync('umount', [directory], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	} finally {
		rmSync(directory, {recursive: true});
	}
}

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
		const journal = new Journal(10, {store, onStoreFailure: (error) => failures.push(error)});
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
		// The namespace was cleared: its marker stands for `c`, too.
		expect(new Set(noted(path))).toEqual(new Set(['rct:default:a', 'rct:default:b', 'rct:!{default}']));
	});

	it('has what came while the disk was full as soon as there is room, and no record that is glued to another', () => {
		const path = newPath();
		const file = new JournalFile(path);
		onTestFinished(() => file.close());
		const change: DirtyChange = {asOf: 1, finalAt: 1};
		file.noted('key', 'before', change);
		for (const room of [30, 0, 100, 1]) {
			const heal = fillDisk(room);
			try {
				for (const key of ['a', 'b']) {
					try {
						file.noted('key', `${key} ${room}`, change);
					} catch {}
				}
				expect(() => file.noted('key', `c ${room}`, change)).toThrow('ENOSPC');
			} finally {
				heal();
			}
			file.noted('key', `after ${room}`, change);
		}
		expect(namesAfterCrash(path)).toEqual(
			new Set([
				'before',
				...[30, 0, 100, 1].flatMap((room) => ['a', 'b', 'c', 'after'].map((key) => `${key} ${room}`)),
			]),
		);
	});

	it('has it, too, if nothing more becomes dirty', async () => {
		const path = newPath();
		const file = new JournalFile(path);
		onTestFinished(() => file.close());
		const heal = fillDisk(10);
		try {
			expect(() => file.noted('key', 'a', {asOf: 1, finalAt: 1})).toThrow('ENOSPC');
		} finally {
			heal();
		}
		await until(() => namesAfterCrash(path).has('a'), 'the record is written');
	});

	it('does not get what was reconciled meanwhile', () => {
		const path = newPath();
		const file = new JournalFile(path);
		const heal = fillDisk();
		try {
			expect(() => file.noted('key', 'a', {asOf: 1, finalAt: 1})).toThrow('ENOSPC');
		} finally {
			heal();
		}
		file.reconciled('key', 'a');
		file.close();
		expect(namesAfterCrash(path)).toEqual(new Set());
	});

	it('has room only for the file as it is: it is continued, not compacted', () => {
		const path = newPath();
		const file = new JournalFile(path);
		onTestFinished(() => file.close());
		mkdirSync(`${path}.new`);
		const failures: unknown[] = [];
		for (let round = 0; round < 100_010; round++) {
			try {
				file.noted('key', `key ${round % 10}`, {asOf: round, finalAt: round});
			} catch (error) {
				failures.push(error);
			}
		}
		expect(failures).toEqual([expect.objectContaining({code: 'EISDIR'})]);
		file.noted('key', 'last', {asOf: 1, finalAt: 1});
		expect(namesAfterCrash(path).size).toBe(11);
	});

	it.skipIf(!mayMount())('on a real full disk loses nothing', async () => {
		const directory = mkdtempSync(join(tmpdir(), 'rct-disk-'));
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
		onTestFinished(() => {
			execFileSync('umount', [directory]);
			rmSync(directory, {recursive: true});
		});
		const path = join(directory, 'journal');
		const cache = await openAway(path);
		const keys = Array.from({length: 20}, (_, index) => `${'long '.repeat(80)}${index}`);
		await cache.delete('before');
		writeFileSync(join(directory, 'ballast'), Buffer.alloc(65_536 - 3 * 4096));
		await cache.deleteMany(keys);
		expect(namesAfterCrash(path).size).toBeLessThan(keys.length + 1);
		rmSync(join(directory, 'ballast'));
		await cache.delete('after');
		expect(namesAfterCrash(path)).toEqual(new Set(['before', ...keys, 'after'].map((key) => `rct:default:${key}`)));
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

	it('and that an earlier version has glued to the next one still has the next one', () => {
		const path = newPath();
		const line = '{"kind":"key","name":"with \\"kind\\": in it","change":{"asOf":1,"settledAt":1}}';
		writeFileSync(path, `{"kind":"key","name":"torn","cha${line}\n${line.replace('with', 'and')}\n`);
		expect(namesAfterCrash(path)).toEqual(new Set(['with "kind": in it', 'and "kind": in it']));
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
