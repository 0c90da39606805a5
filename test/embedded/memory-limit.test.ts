import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {RawConnection} from '../support/raw-connection.js';
import {until} from '../support/until.js';

const oom = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

describe('the memory limit of the built-in server', () => {
	let redis: PrivateRedis;
	let wire: RawConnection;

	beforeAll(async () => {
		redis = await startPrivateRedis({prefer: 'built-in'});
		wire = await RawConnection.open(redis);
	});

	afterAll(async () => {
		wire?.close();
		await redis?.close();
	});

	const ask = async (...words: string[]) => (await wire.call(words)).text;
	const info = async (name: string) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(await ask('INFO'))?.[1]);

	/** Sets a limit that leaves room for `bytes` more than is used now. */
	async function limit(bytes: number, policy: string): Promise<void> {
		const maxMemory = (await info('used_memory')) + bytes;
		await ask('CONFIG', 'SET', 'maxmemory', String(maxMemory), 'maxmemory-policy', policy);
	}

	async function fill(count: number, prefix: string, ...options: string[]): Promise<string[]> {
		const replies: string[] = [];
		for (let index = 0; index < count; index++) {
			replies.push(await ask('SET', `${prefix}:${index}`, 'x'.repeat(1000), ...options));
		}
		return replies;
	}

	beforeEach(async () => {
		await ask('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
		await ask('FLUSHALL');
		await ask('CONFIG', 'RESETSTAT');
	});

	it('without eviction, refuses commands that need memory, and no others', async () => {
		await limit(20_000, 'noeviction');
		const replies = await fill(40, 'key');
		expect(replies[0]).toBe('+OK\r\n');
		expect(replies.at(-1)).toBe(oom);
		expect(await ask('GET', 'key:0')).toContain('xxx');
		expect(await ask('DEL', 'key:0', 'key:1', 'key:2')).toBe(':3\r\n');
		expect(await ask('SET', 'key:0', 'fits again')).toBe('+OK\r\n');
		expect(await info('evicted_keys')).toBe(0);
	});

	it('with allkeys-lru, evicts the least recently used keys and is not exceeded', async () => {
		await fill(50, 'old');
		await limit(0, 'allkeys-lru');
		await ask('CONFIG', 'SET', 'maxmemory-samples', '50');
		// The clock of uses has milliseconds.
		await until(async () => (await ask('OBJECT', 'IDLETIME', 'old:0')) !== ':0\r\n', 'the old keys to be idle');
		for (let round = 0; round < 3; round++) for (let index = 0; index < 10; index++) await ask('GET', `old:${index}`);
		expect(new Set(await fill(30, 'new'))).toEqual(new Set(['+OK\r\n']));
		expect(await info('used_memory')).toBeLessThanOrEqual((await info('maxmemory')) + 2000);
		expect(await info('evicted_keys')).toBeGreaterThan(20);
		let kept = 0;
		for (let index = 0; index < 10; index++) kept += Number((await ask('EXISTS', `old:${index}`)) === ':1\r\n');
		expect(kept).toBeGreaterThanOrEqual(8);
	});

	it('with a volatile policy, evicts only keys with an expiry, and refuses commands when there are none', async () => {
		await fill(20, 'for-ever');
		await fill(20, 'for-a-while', 'EX', '1000');
		await limit(0, 'volatile-lru');
		const replies = await fill(40, 'more');
		expect(replies[0]).toBe('+OK\r\n');
		expect(replies.at(-1)).toBe(oom);
		for (let index = 0; index < 20; index++) expect(await ask('EXISTS', `for-ever:${index}`)).toBe(':1\r\n');
		expect(await ask('EXISTS', 'for-a-while:0', 'for-a-while:19')).toBe(':0\r\n');
	});

	it('with volatile-ttl, evicts the keys that expire first', async () => {
		await fill(20, 'late', 'EX', '100000');
		await fill(20, 'soon', 'EX', '1000');
		await limit(0, 'volatile-ttl');
		await fill(8, 'more');
		let late = 0;
		for (let index = 0; index < 20; index++) late += Number((await ask('EXISTS', `late:${index}`)) === ':1\r\n');
		expect(late).toBeGreaterThanOrEqual(18);
		expect(await info('evicted_keys')).toBeGreaterThanOrEqual(7);
	});

	it('sends invalidations of evicted keys to tracking clients', async () => {
		const tracker = await RawConnection.open(redis, 3);
		await fill(20, 'key');
		await tracker.call(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'key:']);
		await limit(0, 'allkeys-random');
		await fill(5, 'other');
		await until(async () => (await tracker.collect()).includes('invalidate'), 'the invalidation');
		tracker.close();
	});

	it('evicts keys without waiting for a command when it is lowered below the memory in use', async () => {
		await fill(50, 'key');
		await limit(-20_000, 'allkeys-lru');
		await until(async () => (await info('used_memory')) <= (await info('maxmemory')), 'the memory to be within it');
	});

	it('counts the memory of collections, also when they shrink', async () => {
		const before = await info('used_memory');
		for (let index = 0; index < 300; index++) {
			const value = `${index}-${'v'.repeat(100)}`;
			await ask('HSET', 'hash', value, value);
			await ask('RPUSH', 'list', value);
			await ask('SADD', 'set', value);
			await ask('ZADD', 'sorted', String(index), value);
			await ask('APPEND', 'string', value);
		}
		expect(await info('used_memory')).toBeGreaterThan(before + 300 * 100 * 6);
		for (let index = 0; index < 150; index++) {
			await ask('HDEL', 'hash', `${index}-${'v'.repeat(100)}`);
			await ask('LPOP', 'list');
			await ask('SPOP', 'set');
			await ask('ZPOPMIN', 'sorted');
		}
		await ask('COPY', 'hash', 'copy');
		await ask('RENAME', 'hash', 'other');
		await ask('SUNIONSTORE', 'set', 'set', 'set');
		await ask('LTRIM', 'list', '0', '10');
		await ask('ZREMRANGEBYRANK', 'sorted', '0', '50');
		await ask('DEL', 'copy', 'other', 'list', 'set', 'sorted', 'string');
		expect(await ask('DBSIZE')).toBe(':0\r\n');
		expect(await info('used_memory')).toBe(before);
	});
});
