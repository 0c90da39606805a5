import {randomUUID} from 'node:crypto';
import fs, {
	appendFileSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	statSync,
	unlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {rm} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {JournalDirectory} from '../../../../source/cache/journal/store/journal-directory.js';
import type {JournalRecord} from '../../../../source/cache/journal/store/journal-record.js';
import {formatLine} from '../../../../source/cache/journal/store/journal-record.js';
import {sharedRules} from '../../../../source/cache/journal/store/shared-lock.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {openChild} from '../../../support/open-child.js';
import {freePort} from '../../../support/redis-process.js';
import {until} from '../../../support/until.js';
import {noted} from '../../support/journal-files.js';
import {untilReconciled} from '../../support/states.js';

const fixture = redisFixture();

const change = {asOf: 1_700_000_000_000_000, finalAt: 1};

const newDirectory = (): string => {
	const directory = mkdtempSync(join(tmpdir(), 'rct-journals-'));
	onTestFinished(() => rm(directory, {recursive: true, force: true}));
	return directory;
};

const record = (name: string): JournalRecord => ({kind: 'key', name, change});

/** The lock of a process that has died in this container. */
const deadLock = `4194304 1\n${sharedRules.content().split('\n')[1]}`;

/** The journal of a process that has died, with a lock. */
const leave = (directory: string, lines: string, lock = deadLock): string => {
	const path = join(directory, `rct-${randomUUID()}.journal`);
	writeFileSync(path, lines);
	writeFileSync(`${path}.lock`, lock);
	return path;
};

/** Opens a journal, and collects what it adopts. */
const open = (directory: string): {readonly journal: JournalDirectory; readonly adopted: string[]} => {
	const adopted: string[] = [];
	const journal: JournalDirectory = new JournalDirectory({
		directory,
		prefix: 'rct',
		onAdopt(records) {
			for (const {kind, name, change: lost} of records) {
				adopted.push(name);
				journal.noted(kind, name, lost);
			}
		},
	});
	onTestFinished(() => journal.close());
	journal.adopt();
	return {journal, adopted};
};

const journalsIn = (directory: string): string[] => readdirSync(directory).filter((name) => name.endsWith('.journal'));

/** Makes writing records fail, as a disk does that has just become full; or writing anything. */
const fillDisk = (isQuiteFull: boolean): (() => void) => {
	const {writeSync} = fs;
	const write = (fd: number, bytes: Buffer, at: number) => {
		if (isQuiteFull || bytes.includes('"kind"'))
			throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
		return writeSync(fd, bytes, at);
	};
	fs.writeSync = write as typeof fs.writeSync;
	syncBuiltinESMExports();
	return () => {
		fs.writeSync = writeSync;
		syncBuiltinESMExports();
	};
};

describe('journals in a folder', () => {
	it('of a process that was killed are adopted by the next one: deleted values do not come back', async () => {
		const directory = join(newDirectory(), 'made', 'when', 'missing');
		const keys = ['a', 'b', 'c', 'd'];
		const before = await fixture.open();
		await before.setMany(keys.map((key) => [key, 'old']));
		await before.set('tagged', 'old', {tags: ['t']});
		const child = await openChild(new URL('../../children/journalist.ts', import.meta.url));
		const url = `redis://127.0.0.1:${await freePort()}`;
		expect(await child.call('change', {url, keys, directory})).toBe(5);
		await child.kill();
		const [left] = journalsIn(directory);
		expect(statSync(join(directory, left ?? '')).mode & 0o077).toBe(0);
		expect(statSync(directory).mode & 0o077).toBe(0);
		const after = await fixture.open({journal: {directory}});
		expect(after.stats().journal).toMatchObject({size: 0, reconciled: 5});
		expect((await after.getMany([...keys, 'tagged'])).size).toBe(0);
		expect(journalsIn(directory)).not.toContain(left);
		await after.close();
		expect(readdirSync(directory)).toEqual([]);
	});

	it('are adopted by a process that runs already, which then serves nothing older from its memory', async () => {
		const directory = newDirectory();
		const cache = await fixture.open({journal: {directory}});
		await cache.set('k', 'old');
		await cache.set('tagged', 'old', {tags: ['t']});
		await cache.get('k');
		const asOf = (Date.now() + 1000) * 1000;
		const lost: JournalRecord[] = [
			{kind: 'key', name: 'rct:default:k', change: {asOf, finalAt: 1}},
			{kind: 'marker', name: 'rct:!{default}:t', change: {asOf, finalAt: 1}},
		];
		leave(directory, lost.map(formatLine).join(''));
		cache.internals.parts.dirtyKeys.directory?.adopt();
		expect(cache.stats().journal.size).toBe(2);
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.get('tagged')).toBeUndefined();
		await untilReconciled(cache);
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
		await until(() => journalsIn(directory).length === 1, 'the adopted file is gone');
	});

	it('are adopted once, also when several processes come at the same time', async () => {
		const directory = newDirectory();
		const names = Array.from({length: 30}, (_, index) => `k${index}`);
		for (const name of names) leave(directory, formatLine(record(name)));
		const child = new URL('../../children/adopter.ts', import.meta.url);
		const children = await Promise.all([0, 1, 2].map(() => openChild(child)));
		const at = Date.now() + 300;
		const adopted = await Promise.all(children.map((each) => each.call<string[]>('adopt', {directory, at})));
		expect(adopted.flat().sort()).toEqual([...names].sort());
		// They are in the journals of those who live, and only there.
		expect(journalsIn(directory)).toHaveLength(3);
		expect(
			journalsIn(directory)
				.flatMap((name) => noted(join(directory, name)))
				.sort(),
		).toEqual([...names].sort());
		expect(readdirSync(directory).filter((name) => !/\.journal(\.lock)?$/.test(name))).toEqual([]);
	});

	it('are adopted as far as they are whole, if they are torn; those of others are left alone', () => {
		const directory = newDirectory();
		leave(directory, `${formatLine(record('whole'))}nonsense\n{"kind":"key","name":"to`);
		leave(directory, '');
		for (const prefix of ['other', 'rct-2'])
			writeFileSync(join(directory, `${prefix}-${randomUUID()}.journal`), formatLine(record('of another prefix')));
		writeFileSync(join(directory, 'rct-readme.txt'), formatLine(record('no journal')));
		expect(open(directory).adopted).toEqual(['whole']);
		expect(journalsIn(directory)).toHaveLength(3);
	});

	it('of a process that is alive stay, in this container and elsewhere', () => {
		const directory = newDirectory();
		leave(directory, formatLine(record('here')), sharedRules.content());
		const elsewhere = leave(directory, formatLine(record('elsewhere')), '1 1 boot\nother-pod pid:[1]');
		const {journal, adopted} = open(directory);
		expect(adopted).toEqual([]);
		// One elsewhere is dead when it has not touched its lock for half a minute.
		const then = new Date(Date.now() - 31_000);
		utimesSync(`${elsewhere}.lock`, then, then);
		journal.adopt();
		expect(adopted).toEqual(['elsewhere']);
	});

	it('that were adopted although their owner lives are made again by it, with all that is dirty', () => {
		const directory = newDirectory();
		const {journal} = open(directory);
		journal.noted('key', 'first', change);
		const [name = ''] = journalsIn(directory);
		const path = join(directory, name);
		unlinkSync(path);
		unlinkSync(`${path}.lock`);
		journal.noted('key', 'second', change);
		expect(noted(path)).toEqual(['first', 'second']);
		expect(readFileSync(`${path}.lock`, 'utf8')).toBe(sharedRules.content());
		// While another process is just adopting it, it waits.
		unlinkSync(path);
		writeFileSync(`${path}.lock`, '1 1 boot\nother-pod pid:[1]');
		expect(() => journal.noted('key', 'third', change)).toThrow(/in use by process 1/);
		unlinkSync(`${path}.lock`);
		journal.noted('key', 'fourth', change);
		expect(noted(path)).toEqual(['first', 'second', 'third', 'fourth']);
	});

	it.each([true, false])(
		'are kept while a full disk has no room for their changes (quite full: %s)',
		async (isQuiteFull) => {
			const directory = newDirectory();
			const cache = fixture.create({url: 'redis://127.0.0.1:1', journal: {directory}});
			const [own = ''] = journalsIn(directory);
			const lost = {...change, finalAt: Date.now() + 60_000};
			const path = leave(directory, formatLine({kind: 'key', name: 'rct:default:k', change: lost}));
			const empty = fillDisk(isQuiteFull);
			try {
				const {journal, dirtyKeys} = cache.internals.parts;
				dirtyKeys.directory?.adopt();
				dirtyKeys.directory?.adopt();
				expect(noted(path)).toEqual(['rct:default:k']);
				expect(journal.size).toBe(isQuiteFull ? 0 : 1);
				empty();
				await cache.delete('l');
				dirtyKeys.directory?.adopt();
				expect(existsSync(path)).toBe(false);
				const names = ['rct:default:k', 'rct:default:l'];
				expect([...noted(join(directory, own))].sort()).toEqual(names);
				await cache.close();
				// Keys that were not reconciled are left for the next process.
				expect([...noted(join(directory, own))].sort()).toEqual(names);
				expect(existsSync(join(directory, `${own}.lock`))).toBe(false);
			} finally {
				empty();
			}
		},
	);

	it('in a folder that cannot be made, or beside a path, are an error', () => {
		const file = join(newDirectory(), 'file');
		appendFileSync(file, '');
		expect(() => fixture.create({journal: {directory: join(file, 'below')}})).toThrow(
			/journal\.directory .* cannot be made/,
		);
		expect(() => fixture.create({journal: {directory: file, path: file}})).toThrow('not both');
	});
});
