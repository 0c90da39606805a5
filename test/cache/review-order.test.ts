import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {gate} from '../support/gate.js';
import {itReal} from '../support/real-redis.js';
import {startTap, type Tap} from '../support/tap.js';
import {until} from '../support/until.js';

const fixture = redisFixture();

const openBehindTap = async (options: CacheOptions = {}): Promise<{readonly cache: RedisCache; readonly tap: Tap}> => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({deadline: 3000, ...options, url: tap.url});
	if (options.memory !== false) await until(() => cache.stats().memory.coherence === 'tracking', 'told of changes');
	return {cache, tap};
};

describe('a touch under way', () => {
	it('does not hide what another process sets meanwhile', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open();
		await cache.set('k', 'old');
		expect(await cache.get('k')).toBe('old');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const touch = cache.touch('k');
		await held.passed;
		await other.set('k', 'new');
		// A lane is held up: reads that take it wait, the others do not.
		let seen: unknown;
		const reads: Promise<void>[] = [];
		const look = () => {
			const note = (value: unknown) => {
				seen = value;
			};
			reads.push(cache.get('k').then(note));
			return seen === 'new';
		};
		await until(look, 'the new value is read', {timeoutMs: 1500}).finally(() => held.release());
		await Promise.all(reads);
		expect(await touch).toEqual({stored: 'redis', applied: true});
		expect(await cache.get('k')).toBe('new');
	});

	it('does not make a miss of the key, without a memory tier', async () => {
		const {cache, tap} = await openBehindTap({memory: false});
		await cache.set('k', 'value');
		const held = tap.holdRequest('EVALSHA', 'rct:default:k');
		const touch = cache.touch('k');
		await held.passed;
		const reads: Promise<unknown>[] = [];
		for (let turn = 0; turn < 4; turn++) {
			reads.push(cache.get('k'));
			await new Promise(setImmediate);
		}
		expect(await Promise.race(reads)).toBe('value');
		held.release();
		expect(await touch).toEqual({stored: 'redis', applied: true});
		expect(await Promise.all(reads)).toEqual(Array.from(reads, () => 'value'));
	});

	it('does not make misses of sliding entries, without a memory tier', async () => {
		const cache = await fixture.open({memory: false, ttl: {default: 4000, jitter: 0, sliding: true}});
		await cache.set('session', 'user');
		await until(async () => (await fixture.raw.pttl('rct:default:session')) < 1900, 'its second half', {
			timeoutMs: 10_000,
		});
		for (let turn = 0; turn < 5; turn++)
			expect(await Promise.all([cache.get('session'), cache.get('session')])).toEqual(['user', 'user']);
		await until(async () => (await fixture.raw.pttl('rct:default:session')) > 2500, 'its life starts anew');
	});
});

describe('a write whose connection was lost', () => {
	it('is waited for by a later one of the key, which it would undo', async () => {
		const {cache, tap} = await openBehindTap({deadline: 2500});
		const other = await fixture.open();
		await cache.set('k', 'first');
		const stray = tap.strand('EVALSHA', 'rct:default:k');
		const set = cache.set('k', 'second');
		await stray.passed;
		const lanes = () => cache.stats().pool.lanes;
		await until(
			() => lanes().some(({reconnects}) => reconnects > 0) && lanes().every(({state}) => state === 'ready'),
			'connected again',
		);
		let deleted = false;
		const remove = cache.delete('k').then((result) => {
			deleted = true;
			return result;
		});
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'the delete was carried out');
		stray.deliver();
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 1, 'and then the lost set');
		expect(deleted).toBe(false);
		expect(await remove).toEqual({stored: 'redis'});
		await set;
		await until(async () => (await other.get('k')) === undefined, 'the lost set is undone');
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('a strict write and one that is not', () => {
	it('reach Redis in the order of their calls', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		for (let round = 0; round < 20; round++) {
			await Promise.all([cache.set('k', 'first', {strict: true}), cache.set('k', `second ${round}`)]);
			expect(await other.get('k')).toBe(`second ${round}`);
			await Promise.all([cache.set('k', 'third', {strict: true}), cache.delete('k')]);
			expect(await fixture.raw.exists('rct:default:k')).toBe(0);
			expect(await cache.get('k')).toBeUndefined();
		}
	});
});

describe('a load', () => {
	it('that ran without a lease, Redis being away, is not joined once Redis is back', async () => {
		const {cache, tap} = await openBehindTap();
		const other = await fixture.open();
		await cache.set('warm', 1);
		tap.closed = true;
		tap.cutAll();
		await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
		const {promise, open} = gate<string>();
		let begun = false;
		const slow = cache.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the old row is read');
		await other.delete('k');
		// Loads that have just begun may be joined.
		await new Promise((resolve) => setTimeout(resolve, 100));
		tap.closed = false;
		await until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});
		expect(await cache.getOrSet('k', () => 'new')).toBe('new');
		open('old');
		expect(await slow).toBe('old');
		expect(await cache.get('k')).toBe('new');
	});

	itReal('is not undone in memory by the answer to a read that was sent before its value was stored', async () => {
		// Nor does Redis tell of the change.
		await fixture.raw.call('ACL', 'SETUSER', 'untold', 'on', '>secret', '~*', '&*', '+@all', '-client|tracking');
		const tap = await startTap(fixture.redis);
		const url = tap.url.replace('//', '//untold:secret@');
		const cache = await fixture.open({url, memory: {trust: '1m'}, deadline: 3000});
		await until(() => cache.stats().memory.coherence === 'ttl', 'not told of changes');
		await cache.set('warm', 1);
		const {promise, open} = gate<string>();
		let begun = false;
		const load = cache.getOrSet('k', () => {
			begun = true;
			return promise;
		});
		await until(() => begun, 'the load is under way');
		// Not on the lane that the value will take.
		const held = tap.holdReplyElsewhere('rct:default:k\r\n$16', 'MGET', 'rct:default:k');
		let isHeld = false;
		void held.passed.then(() => {
			isHeld = true;
		});
		const early: Promise<unknown>[] = [];
		await until(() => {
			if (!isHeld) early.push(cache.get('k'));
			return isHeld;
		}, 'a read is held up');
		open('value');
		await load;
		await until(() => cache.internals.parts.namespaces.open('default').tier?.get('k') !== undefined, 'stored');
		held.release();
		expect(await Promise.all(early)).toEqual(Array.from(early, () => undefined));
		expect(cache.internals.parts.namespaces.open('default').tier?.get('k')).toBeDefined();
	});
});

describe('a read asked for right before a set of the same key', () => {
	itReal(
		'and answered after it with what was there before, is neither kept nor taken for a Redis that went back',
		async () => {
			// Without tracking: the echo of the set would cover it up.
			await fixture.raw.acl('SETUSER', 'plain', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
			const tap = await startTap(fixture.redis);
			const url = tap.url.replace('redis://', 'redis://plain:any@');
			const cache = await fixture.open({url, ttl: '1h', deadline: 3000, memory: {trust: '1h'}, pool: {lanes: 2}});
			await until(() => cache.internals.parts.tracking.state.kind === 'ttl', 'not told of changes');
			for (let round = 0; round < 6; round++) {
				const key = `k${round}`;
				await cache.set(key, 'old');
				await until(() => cache.internals.parts.pendingWrites.size === 0, 'settled');
				cache.internals.parts.namespaces.open('default').tier?.markAllUnverified();
				const held = tap.holdReply('MGET', key);
				const read = cache.get(key);
				const set = cache.set(key, 'new');
				await held.passed;
				// Where both take the same connection the set's answer is held, too.
				await Promise.race([set, new Promise((resolve) => setTimeout(resolve, 100))]);
				held.release();
				await Promise.all([read, set]);
				expect(await cache.get(key), `round ${round}`).toBe('new');
			}
			expect(cache.stats().journal.max).toBe(0);
		},
	);
});
