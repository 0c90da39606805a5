import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {itReal} from '../support/real-redis.js';

let engine: TestEngine;
let folder: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	engine = await startTestEngine();
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
});

afterAll(async () => {
	rmSync(folder, {recursive: true});
	await engine?.close();
});

beforeEach(async () => {
	await engine.ok('redis DEL a b c big');
});

/** A TTL of 90 s, a while later. */
const aMinuteAndAHalf = /^\(integer\) (90|[78]\d)$/;

const reply = async (line: string) => (await engine.ok(`redis ${line}`)).join('\n');

describe('keys are moved', () => {
	it('to another name, with their TTL, never over another key', async () => {
		await engine.ok('redis SET a one PX 90000');
		await engine.ok('redis SET b two');
		expect(await engine.refused('rename a b')).toMatch(/there is a key b already/);
		expect(await engine.refused('copy a b')).toMatch(/there is a key b already/);
		expect(await engine.ok('copy a c')).toEqual(['copied a to c']);
		expect(await reply('TTL c')).toMatch(aMinuteAndAHalf);
		await engine.ok('redis DEL b');
		expect(await engine.ok('rename a b')).toEqual(['renamed a to b']);
		expect(await reply('GET b')).toBe('"one"');
		expect(await engine.refused('rename a c2')).toMatch(/no longer exists/);
	});

	it('unless they are entries of the cache', async () => {
		await engine.ok('redis SET a one');
		const {keyPrefix} = engine.latest();
		expect(await engine.refused(`rename a ${keyPrefix}x`)).toMatch(/entry of the cache/);
		expect(await engine.refused(`copy ${keyPrefix}x a2`)).toMatch(/entry of the cache/);
	});
});

describe('what is deleted', () => {
	it('is restored by undo: every type, with its TTL, binary names too', async () => {
		await engine.ok('redis SET gone:text hello PX 90000');
		await engine.ok('redis HSET gone:hash f v');
		await engine.ok('redis ZADD gone:zset 1.5 m');
		await engine.ok('redis SET "gone:\\xff" binary');
		expect(await engine.ok('sweep gone:*')).toEqual(['deleted 4 keys; :undo restores 4 keys']);
		expect(await engine.ok('count gone:*')).toEqual(['0 keys']);
		expect(await engine.ok('undo')).toEqual(['restored 4 keys']);
		expect(await reply('GET gone:text')).toBe('"hello"');
		expect(await reply('TTL gone:text')).toMatch(aMinuteAndAHalf);
		expect(await reply('HGET gone:hash f')).toBe('"v"');
		expect(await reply('ZSCORE gone:zset m')).toContain('1.5');
		expect(await reply('GET "gone:\\xff"')).toBe('"binary"');
		expect(await engine.refused('undo')).toMatch(
			/nothing was deleted on this Redis in this session.*files of earlier sessions are in .*undo\)$/,
		);
	});

	it('stays as it is where it exists again, and the file of it is kept', async () => {
		await engine.ok('redis SET a old');
		await engine.ok('redis SET b old');
		expect(await engine.ok('remove a b')).toEqual(['deleted 2 keys; :undo restores 2 keys']);
		await engine.ok('redis SET a new');
		expect(await engine.ok('undo')).toEqual(['restored 1 key', '1 key exist again and stay as they are']);
		expect(await reply('GET a')).toBe('"new"');
		await engine.ok('redis DEL a b');
		expect((await engine.ok('undo'))[0]).toBe('restored 2 keys');
	});

	it('can be restored later if undo was stopped', async () => {
		for (const key of ['a', 'b', 'c']) await engine.ok(`redis SET ${key} old`);
		await engine.ok('remove a b c');
		const [[first], stopping] = await Promise.all([engine.ok('undo'), engine.ok('sweep stop')]);
		expect(stopping).toEqual(['stopping']);
		expect(first).toBe('restored 0 keys, then stopped; the rest can still be restored');
		expect(await engine.ok('undo')).toEqual(['restored 3 keys']);
	});

	it('is the key that was meant, byte order mark and all', async () => {
		await engine.ok('redis SET mark:x kept');
		await engine.ok('redis SET "\\xef\\xbb\\xbfmark:x" goes');
		expect(await engine.ok('sweep "\\xef\\xbb\\xbfmark:*"')).toEqual(['deleted 1 key; :undo restores it']);
		expect(await reply('GET mark:x')).toBe('"kept"');
		await engine.ok('redis DEL mark:x');
	});

	it('is not saved if it is an entry of the cache, which is loaded again', async () => {
		await engine.ok('set mine 1');
		expect(await engine.ok(`remove ${engine.latest().keyPrefix}mine`)).toEqual(['deleted 1 key']);
	});
});

it('the TTL of all keys of a pattern is changed, in units or seconds', async () => {
	for (let index = 0; index < 30; index++) await engine.ok(`redis SET many:${index} x`);
	await engine.ok('redis SET other x');
	expect(await engine.ok('expire-all many:* 1h30m')).toEqual(['30 keys now expire in 90 min']);
	expect(await reply('TTL many:7')).toMatch(/^\(integer\) (5400|53\d\d)$/);
	expect(await engine.ok('redis TTL other')).toEqual(['(integer) -1']);
	expect(await engine.ok('expire-all many:* never')).toEqual(['30 keys now do not expire']);
	expect(await engine.refused('expire-all many:* soon')).toMatch(/is not a lifetime/);
});

describe('keys are saved to a file', () => {
	it('of JSON lines, which can be loaded again and only the owner can read', async () => {
		await engine.ok('redis SET save:1 one PX 90000');
		await engine.ok('redis SADD save:2 m');
		const file = join(folder, 'keys.jsonl');
		expect(await engine.ok(`save-keys ${file} save:*`)).toEqual([`saved 2 keys to ${file}`]);
		expect(await engine.refused(`save-keys ${file} save:*`)).toMatch(/already exists/);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		const records = readFileSync(file, 'utf8')
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as {key: string});
		expect(records.map(({key}) => key).sort()).toEqual(['save:1', 'save:2']);
		expect(await engine.ok(`load-keys ${file}`)).toEqual([
			'restored 0 keys',
			'2 keys exist again and stay as they are',
		]);
		await engine.ok('redis DEL save:1 save:2');
		expect(await engine.ok(`load-keys ${file}`)).toEqual(['restored 2 keys']);
		expect(await reply('TTL save:1')).toMatch(aMinuteAndAHalf);
		expect(await reply('SMEMBERS save:2')).toContain('"m"');
	});

	it('and those that are too large are told', async () => {
		await engine.ok('redis SET large:1 one');
		await engine.ok(`redis SETRANGE large:2 ${40 * 1024 * 1024} x`);
		const file = join(folder, 'large.jsonl');
		expect(await engine.ok(`save-keys ${file} large:*`)).toEqual([
			`saved 1 key to ${file}; without 1 key of more than 32 MiB`,
		]);
		await engine.ok('redis DEL large:1 large:2');
	});

	it('and a line that is none is named', async () => {
		const file = join(folder, 'broken.jsonl');
		writeFileSync(file, '{"key":"x"}\n');
		expect(await engine.refused(`load-keys ${file}`)).toBe(`${file}:1 is not a key that this program has saved`);
	});

	itReal('as a stream for redis-cli --pipe', async () => {
		await engine.ok('redis SET pipe:1 one PX 90000');
		await engine.ok('redis RPUSH pipe:2 x y');
		const file = join(folder, 'keys.resp');
		await engine.ok(`save-keys ${file} pipe:*`);
		await engine.ok('redis DEL pipe:1 pipe:2');
		const url = (await engine.ok('url'))[0] ?? '';
		const {stdout} = await pipe(url, readFileSync(file));
		expect(stdout).toMatch(/errors: 0, replies: 2/);
		expect(await reply('LRANGE pipe:2 0 -1')).toBe('1) "x"\n2) "y"');
		expect(await reply('TTL pipe:1')).toMatch(aMinuteAndAHalf);
	});
});

const pipe = (url: string, input: Buffer) =>
	new Promise<{stdout: string}>((resolve, reject) => {
		const child = execFile('redis-cli', ['-u', url, '--pipe'], (error, stdout) =>
			error ? reject(error) : resolve({stdout}),
		);
		child.stdin?.end(input);
	});

it('a whole string is shown as text, unless it is none or too long', async () => {
	await engine.ok('redis SET a {"x":1}');
	expect(await engine.run('text a')).toMatchObject({ok: true, data: '{"x":1}'});
	await engine.ok('redis SET b "\\xff"');
	expect(await engine.refused('text b')).toMatch(/is binary/);
	await engine.ok('redis RPUSH c x');
	expect(await engine.refused('text c')).toMatch(/is a list/);
	await engine.ok('redis SETRANGE big 1100000 x');
	expect(await engine.refused('text big')).toMatch(/at most 1 MiB/);
	expect(await engine.refused('text nobody')).toMatch(/no longer exists/);
	expect(await engine.refused(`text ${engine.latest().keyPrefix}x`)).toMatch(/entry of the cache/);
});
