import {execFile} from 'node:child_process';
import fs, {existsSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {DirtyChange} from '../../source/cache/journal/dirty-change.js';
import {Journal} from '../../source/cache/journal/journal.js';
import {JournalFile} from '../../source/cache/journal/journal-file.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {startTap} from '../support/tap.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const nowhere = 'redis://127.0.0.1:1';

const newPath = (): string => {
	const directory = mkdtempSync(join(tmpdir(), 'rct-journal-'));
	onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
	return join(directory, 'journal');
};

const noted = (path: string): readonly string[] =>
	readFileSync(path, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => (JSON.parse(line) as {name: string}).name);

/** A cache that finds no Redis, in fallback. */
const openAway = async (path: string): Promise<RedisCache> => {
	const cache = new RedisCache({url: nowhere, journal: {path}});
	onTestFinished(() => cache.close());
	await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
	return cache;
};

/** Every write to a file fails, until it is healed. */
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

describe('a cache that closes', () => {
	it('notes a write that was lost on its way in the file, and settles it', async () => {
		const path = newPath();
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, journal: {path}, deadline: 2000});
		await cache.set('k', 'old');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const remove = settle(cache.delete('k'));
		await held.passed;
		const closing = cache.close();
		tap.cutAll();
		await closing;
		expect(noted(path)).toEqual(['rct:default:k']);
		expect(await remove).toMatchObject({error: undefined, value: {stored: 'memory'}});
		// Its successor reconciles it.
		const successor = await fixture.open({journal: {path}});
		expect(await successor.get('k')).toBeUndefined();
	});

	it('does so also when the write is answered by nothing at all', async () => {
		const path = newPath();
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, journal: {path}, deadline: 300});
		await cache.set('k', 'old');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const remove = settle(cache.delete('k'));
		await held.passed;
		await cache.close();
		expect(noted(path)).toEqual(['rct:default:k']);
		expect((await remove).error).toBeUndefined();
	});

	it('does not mind that someone has removed its lock', async () => {
		const path = newPath();
		const cache = await fixture.open({journal: {path}});
		unlinkSync(`${path}.lock`);
		await cache.close();
		expect(existsSync(`${path}.lock`)).toBe(false);
	});

	it('leaves no timer that keeps the process alive, with a change that cannot be reconciled yet', async () => {
		const script = `
			import {RedisCache} from ${JSON.stringify(new URL('../../source/cache/redis-cache.ts', import.meta.url).href)};
			const cache = new RedisCache({url: ${JSON.stringify(fixture.redis.url)}, deadline: 8000});
			await cache.ready();
			const {internals} = cache;
			internals.parts.dirtyKeys.noteKey('rct:default:k', performance.timeOrigin + performance.now() + 60_000);
			internals.parts.modes.fallBack('a test');
			while (cache.stats().mode.mode !== 'recovering') await new Promise((resolve) => setTimeout(resolve, 5));
			await new Promise((resolve) => setTimeout(resolve, 700));
			const closed = performance.now();
			await cache.close();
			process.on('exit', () => console.log(Math.round(performance.now() - closed)));
		`;
		const {stdout} = await promisify(execFile)(
			process.execPath,
			['--import', 'tsx', '--input-type=module', '--eval', script],
			{timeout: 25_000},
		);
		expect(Number(stdout)).toBeLessThan(5000);
	});
});

describe('a journal file that cannot be written', () => {
	it('costs no call, keeps what is dirty in memory, and is told once', () => {
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
		const namesOf = (timeKey: string) => ({timeKey, entryPrefix: ''});
		journal.addKey('a', namesOf('time'), change);
		journal.addKey('b', namesOf('time'), change);
		journal.addTime('time', namesOf('time'), change);
		expect(journal.hasKey('a') && journal.hasKey('b') && journal.hasTime('time')).toBe(true);
		expect(failures).toEqual([full]);
		isFull = false;
		journal.addTime('other time', namesOf('other time'), change);
		isFull = true;
		journal.addTime('third time', namesOf('third time'), change);
		expect(failures).toEqual([full, full]);
	});

	it('is told as an error event, and calls go on', async () => {
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

	it('does not keep the reads of a batch from being answered when one of them finds a key dirty', async () => {
		const path = newPath();
		const cache = await fixture.open({journal: {path}});
		await cache.set('a', 1);
		const old = await fixture.raw.getBuffer('rct:default:a');
		await cache.set('a', 2);
		// Redis goes back in time.
		await fixture.raw.set('rct:default:a', old ?? '', 'PX', 60_000);
		await until(
			() => cache.internals.parts.namespaces.open('default').tier?.get('a')?.epoch === -1,
			'the news have come in',
		);
		const heal = fillDisk();
		try {
			expect(await Promise.all([cache.get('a'), cache.get('b'), cache.get('c')])).toEqual(Array(3).fill(undefined));
		} finally {
			heal();
		}
	});
});

describe('a journal file whose last line was torn', () => {
	it('is not continued in that line', async () => {
		const path = newPath();
		writeFileSync(path, '{"kind":"key","na');
		const cache = await openAway(path);
		await cache.delete('precious');
		expect(noted(path)).toEqual(['rct:default:precious']);
	});
});

describe('a cache that cannot be made because of its journal', () => {
	it('leaves no connection behind that keeps the process alive', async () => {
		const script = `
			import {RedisCache} from ${JSON.stringify(new URL('../../source/cache/redis-cache.ts', import.meta.url).href)};
			try {
				new RedisCache({url: ${JSON.stringify(nowhere)}, journal: {path: '/nonexistent/directory/journal'}});
			} catch (error) {
				console.log(error.code);
			}
		`;
		const {stdout} = await promisify(execFile)(
			process.execPath,
			['--import', 'tsx', '--input-type=module', '--eval', script],
			{timeout: 25_000},
		);
		expect(stdout.trim()).toBe('ERR_INVALID_ARGUMENT');
	});
});

describe('a journal file that is rewritten', () => {
	it('holds what is dirty, and no more than twice as many lines', () => {
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
