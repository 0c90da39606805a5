import {describe, expect, it} from 'vitest';
import {ClosedError} from '../../source/pool/errors.js';
import {redisFixture} from '../support/cache-fixture.js';
import {settle} from '../support/gate.js';
import {openChild} from '../support/open-child.js';
import {freePort} from '../support/redis-process.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const script = new URL('children/caller.ts', import.meta.url);

describe('close', () => {
	it('settles every call that is under way, and the process ends by itself', async () => {
		const child = await openChild(script);
		await child.call('open', {url: fixture.redis.url});
		const ends = new Map(await child.call<[string, string][]>('closeUnderCalls'));
		expect(ends.get('getOrSet')).toBe('ClosedError');
		expect(ends.get('getOrSet whose key was set meanwhile')).toBe('ClosedError');
		for (const end of ends.values()) expect(['resolved', 'ClosedError']).toContain(end);
		child.release();
		const {value, ms} = await settle(child.exited());
		expect(value).toBe(0);
		expect(ms).toBeLessThan(3000);
	});

	it('lets a process end whose Redis was never there', async () => {
		const child = await openChild(script);
		const ends = await child.call('closeWhileUnready', {url: `redis://127.0.0.1:${await freePort()}`});
		expect(ends).toEqual(['ClosedError', expect.stringMatching(/resolved|ClosedError/)]);
		child.release();
		const {value, ms} = await settle(child.exited());
		expect(value).toBe(0);
		expect(ms).toBeLessThan(3000);
	});

	it('settles calls in a black hole within the deadline', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		proxy.add({kind: 'blackhole'});
		const calls = [cache.get('a'), cache.set('b', 1), cache.delete('c'), cache.getOrSet('d', () => 1), cache.clear()];
		const closed = settle(cache.close());
		const ends = await Promise.all(calls.map(settle));
		for (const {error} of ends) if (error !== undefined) expect(error).toBeInstanceOf(ClosedError);
		expect((await closed).ms).toBeLessThan(700);
	});

	it('rejects a load that outlives it, and aborts its signal', async () => {
		const cache = await fixture.open();
		const signals: AbortSignal[] = [];
		const first = settle(
			cache.getOrSet('k', ({signal}) => {
				signals.push(signal);
				return new Promise(() => {});
			}),
		);
		await until(() => signals.length === 1, 'the load runs');
		// The load is no longer the one that later callers would join.
		await cache.set('k', 1);
		await cache.close();
		expect((await first).error).toBeInstanceOf(ClosedError);
		expect(signals[0]?.aborted).toBe(true);
	});

	it('can be called twice, and both calls wait for the end', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		proxy.add({kind: 'stall'});
		const write = settle(cache.set('k', 1));
		let first = false;
		const closing = cache.close().then(() => {
			first = true;
		});
		await cache.close();
		expect(first).toBe(true);
		await closing;
		await write;
		await cache.close();
	});

	it('refuses later calls with ClosedError', async () => {
		const cache = await fixture.open();
		await cache.set('k', 1);
		await cache.close();
		const calls = [
			() => cache.get('k'),
			() => cache.getEntry('k'),
			() => cache.has('k'),
			() => cache.set('k', 1),
			() => cache.delete('k'),
			() => cache.getOrSet('k', () => 1),
			() => cache.getMany(['k']),
			() => cache.setMany([['k', 1]]),
			() => cache.deleteMany(['k']),
			() => cache.ttl('k'),
			() => cache.expire('k', 1),
			() => cache.touch('k'),
			() => cache.clear(),
			() => cache.invalidateTags(['t']),
			() => cache.ready(),
		];
		for (const call of calls) expect((await settle(call())).error).toBeInstanceOf(ClosedError);
		expect(cache.stats().mode.mode).toBeTypeOf('string');
	});

	it('disposes at the end of an await using block', async () => {
		const cache = await fixture.open();
		await cache[Symbol.asyncDispose]();
		expect((await settle(cache.get('k'))).error).toBeInstanceOf(ClosedError);
	});
});
