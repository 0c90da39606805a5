import {spawnSync} from 'node:child_process';
import {appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {JournalFile} from '../../../../source/cache/journal/store/journal-file.js';
import {processStart} from '../../../../source/cache/journal/store/process-start.js';
import {RedisCache} from '../../../../source/cache/redis-cache.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {openChild} from '../../../support/open-child.js';
import {freePort} from '../../../support/redis-process.js';
import {untilFallback, untilReconciled} from '../../support/states.js';

const fixture = redisFixture();

const directory = mkdtempSync(join(tmpdir(), 'rct-journal-'));

let files = 0;

const newPath = (): string => join(directory, `journal-${files++}`);

const change = {asOf: 1_700_000_000_000_000, finalAt: 1};

afterAll(() => rmSync(directory, {recursive: true, force: true}));

describe('a process that dies with dirty keys', () => {
	const keys = ['a', 'b', 'c', 'd'];
	const scenario = async (path: string | undefined) => {
		const before = await fixture.open();
		await before.setMany(keys.map((key) => [key, 'old']));
		await before.set('tagged', 'old', {tags: ['t']});
		const child = await openChild(new URL('../../children/journalist.ts', import.meta.url));
		const url = `redis://127.0.0.1:${await freePort()}`;
		expect(await child.call('change', {url, keys, ...(path === undefined ? {} : {path})})).toBe(5);
		await child.kill();
		const after = await fixture.open(path === undefined ? {} : {journal: {path}});
		expect(after.stats().journal.size).toBe(0);
		return new Set((await after.getMany([...keys, 'tagged'])).values());
	};

	it('leaves them to the next process with the same journal file', async () => {
		const path = newPath();
		expect(await scenario(path)).toEqual(new Set());
		expect(statSync(path).size).toBe(0);
		expect(statSync(path).mode & 0o077).toBe(0);
	});

	it('forgets them without a journal file: the old values come back', async () => {
		expect(await scenario(undefined)).toEqual(new Set(['old']));
	});
});

describe('a journal file', () => {
	it('returns the latest record of each key, and nothing that was reconciled', () => {
		const path = newPath();
		const file = new JournalFile(path);
		file.noted('key', 'k', change);
		file.noted('key', 'k', {...change, asOf: change.asOf + 1});
		file.noted('marker', 'm', change);
		file.noted('key', 'with "quotes" and ümlauts\u2028', change);
		file.close();
		const again = new JournalFile(path);
		expect(again.records).toEqual([
			{kind: 'key', name: 'k', change: {...change, asOf: change.asOf + 1}},
			{kind: 'marker', name: 'm', change},
			{kind: 'key', name: 'with "quotes" and ümlauts\u2028', change},
		]);
		again.emptied();
		again.close();
		const last = new JournalFile(path);
		expect(last.records).toEqual([]);
		last.close();
	});

	it('with a torn last line, or invalid lines, keeps the other lines, even after another crash', () => {
		const path = newPath();
		const file = new JournalFile(path);
		file.noted('key', 'whole', change);
		file.close();
		appendFileSync(path, 'nonsense\n{"kind":"key"}\n[]\nnull\n{"kind":"key","name":"torn","cha');
		const again = new JournalFile(path);
		expect(again.records.map(({name}) => name)).toEqual(['whole']);
		again.noted('key', 'later', change);
		// Another crash: the file stays as it is.
		const text = readFileSync(path, 'utf8');
		again.close();
		writeFileSync(path, text);
		const last = new JournalFile(path);
		expect(last.records.map(({name}) => name)).toEqual(['whole', 'later']);
		last.close();
	});

	it("is refused while another live process has it open, with that process's id in the message", () => {
		const path = newPath();
		// The parent of this process is certainly alive.
		writeFileSync(`${path}.lock`, String(process.ppid));
		expect(() => new JournalFile(path)).toThrow(
			expect.objectContaining({code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(String(process.ppid))}),
		);
		expect(() => new RedisCache({url: fixture.redis.url, journal: {path}})).toThrow(/is in use by process/);
	});

	it('is refused to another thread of this process, and to another copy of this package', async () => {
		const path = newPath();
		const file = new JournalFile(path);
		// Modules of their own, as each thread has them.
		const {JournalFile: OtherJournalFile} = (await import(
			'../../../../source/cache/journal/store/journal-file.js?another-thread' as string
		)) as typeof import('../../../../source/cache/journal/store/journal-file.js');
		expect(OtherJournalFile).not.toBe(JournalFile);
		expect(() => new OtherJournalFile(path)).toThrow(/is in use by this process .* each thread a path of its own/);
		file.close();
		new OtherJournalFile(path).close();
	});

	it('keeps the lock of a process that has taken it over', () => {
		const path = newPath();
		const file = new JournalFile(path);
		writeFileSync(`${path}.lock`, '1 another process');
		file.close();
		expect(readFileSync(`${path}.lock`, 'utf8')).toBe('1 another process');
	});

	it('counts the lines that earlier processes have left, so that it is compacted in time', () => {
		const path = newPath();
		const line = (name: string) => `{"kind":"key","name":"${name}","change":{"asOf":1,"settledAt":1}}\n`;
		writeFileSync(path, line('one').repeat(99_999));
		const file = new JournalFile(path);
		file.noted('key', 'two', change);
		file.noted('key', 'three', change);
		file.close();
		expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3 + 1);
	});

	it('is opened once in a process', () => {
		const path = newPath();
		const file = new JournalFile(path);
		expect(() => new JournalFile(path)).toThrow(/is in use by this process/);
		file.close();
		new JournalFile(path).close();
		expect(existsSync(`${path}.lock`)).toBe(false);
	});

	it.each([
		['a process that has ended', String(spawnSync(process.execPath, ['-e', '0']).pid)],
		['a process with our own number, as in a container that was started again', String(process.pid)],
		['a process whose number now belongs to another one', `${process.ppid} 1 a boot before this one`],
		['our number in an earlier life', `${process.pid} 1 a boot before this one`],
		['nobody: the lock is empty', ''],
		['nobody: the lock is nonsense', 'nonsense'],
	])('left behind by %s is taken over', (_who, lock) => {
		const path = newPath();
		writeFileSync(`${path}.lock`, lock);
		const file = new JournalFile(path);
		expect(readFileSync(`${path}.lock`, 'utf8')).toBe(`${process.pid} ${processStart(process.pid)}`);
		file.close();
	});

	it('that cannot be opened makes the constructor throw with its path', () => {
		const path = join(directory, 'no', 'such', 'directory', 'journal');
		expect(() => new RedisCache({url: fixture.redis.url, journal: {path}})).toThrow(
			expect.objectContaining({code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(path)}),
		);
	});

	it('holds the dirty keys of an outage, and is empty after it', async () => {
		const path = newPath();
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {journal: {path}});
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		await cache.set('k', 1);
		await cache.clear();
		expect(
			readFileSync(path, 'utf8')
				.trim()
				.split('\n')
				.map((line) => JSON.parse(line).name),
		).toEqual(['rct:default:k', 'rct:!{default}']);
		proxy.heal();
		await untilReconciled(cache);
		expect(statSync(path).size).toBe(0);
	});

	it('written while the clock was an hour ahead does not keep a cache from starting', async () => {
		const path = join(fixture.redis.directory, 'ahead.journal');
		const line = {
			kind: 'key',
			name: 'rct:default:k',
			change: {asOf: (Date.now() + 3_600_000) * 1000, settledAt: Date.now() + 3_600_000},
		};
		writeFileSync(path, `${JSON.stringify(line)}\n`);
		const cache = fixture.create({journal: {path}});
		await cache.ready('30s');
		expect(cache.stats().journal).toMatchObject({size: 0, reconciled: 1});
	});
});
