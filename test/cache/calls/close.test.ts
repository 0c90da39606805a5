import {describe, expect, it} from 'vitest';
import {ClosedError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {openChild} from '../../support/open-child.js';
import {freePort} from '../../support/redis-process.js';
import {until} from '../../support/until.js';
import {untilFallback} from '../support/states.js';

const fixture = redisFixture();

const script = new URL('../children/caller.ts', import.meta.url);

describe('close', () => {
	it('settles every call in progress, and the process ends by itself', async () => {
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

	it.each([
		'connecting',
		'fallback',
		'recovering',
		'waiting for the load of another process',
		'waiting for an exclusive connection',
		'any moment of connecting and of the first calls',
		'a lost lease read',
		'a slot that moves',
	])('settles every call, and the process ends by itself: %s', async (state) => {
		const child = await openChild(new URL('../children/closer.ts', import.meta.url));
		await child.call(state, {url: fixture.redis.url});
		child.release();
		expect(await child.exited()).toBe(0);
	});

	it('lets a process end that never reached Redis', async () => {
		const child = await openChild(script);
		const ends = await child.call('closeWhileUnready', {url: `redis://127.0.0.1:${await freePort()}`});
		expect(ends).toEqual(['ClosedError', expect.stringMatching(/resolved|ClosedError/)]);
		child.release();
		const {value, ms} = await settle(child.exited());
		expect(value).toBe(0);
		expect(ms).toBeLessThan(3000);
	});

	it('settles calls that Redis does not answer within the deadline', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		proxy.add({kind: 'blackhole'});
		const calls = [cache.get('a'), cache.set('b', 1), cache.delete('c'), cache.getOrSet('d', () => 1), cache.clear()];
		const closed = settle(cache.close());
		const ends = await Promise.all(calls.map(settle));
		for (const {error} of ends) if (error !== undefined) expect(error).toBeInstanceOf(ClosedError);
		expect((await closed).ms).toBeLessThan(700);
	});

	it('rejects the callers of a load in progress, and aborts its signal', async () => {
		const cache = await fixture.open();
		const signals: AbortSignal[] = [];
		const first = settle(
			cache.getOrSet('k', ({signal}) => {
				signals.push(signal);
				return new Promise(() => {});
			}),
		);
		await until(() => signals.length === 1, 'the load runs');
		// Later callers would not join the load any more.
		await cache.set('k', 1);
		await cache.close();
		expect((await first).error).toBeInstanceOf(ClosedError);
		expect(signals[0]?.aborted).toBe(true);
	});

	it('calls no loader afterwards, however soon it follows a getOrSet', async () => {
		for (let microtasks = 0; microtasks < 8; microtasks++) {
			const cache = fixture.create({url: `redis://127.0.0.1:${await freePort()}`, deadline: 20});
			await untilFallback(cache);
			let isClosed = false;
			let loadedAfter = false;
			const call = settle(
				cache.getOrSet('k', () => {
					loadedAfter = isClosed;
					return 1;
				}),
			);
			for (let passed = 0; passed < microtasks; passed++) await undefined;
			isClosed = true;
			const closed = cache.close();
			const {value, error} = await call;
			if (value !== 1) expect(error).toBeInstanceOf(ClosedError);
			expect(loadedAfter, `after ${microtasks} microtasks`).toBe(false);
			await closed;
		}
	});

	it('may be called twice, and both calls wait for the end', async () => {
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

	it('makes later calls reject with a ClosedError', async () => {
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

	it('is called at the end of an `await using` block', async () => {
		const cache = await fixture.open();
		await cache[Symbol.asyncDispose]();
		expect((await settle(cache.get('k'))).error).toBeInstanceOf(ClosedError);
	});
});

describe('close, with changes that are not in Redis', () => {
	it('emits no error event for each write of a burst that waits', async () => {
		const cache = await fixture.open();
		await cache.set('warm', 1);
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
		const burst = Array.from({length: 2000}, (_, index) => cache.set(`k${index % 500}`, index));
		await new Promise(setImmediate);
		await cache.close();
		await Promise.all(burst);
		expect(errors.length).toBeLessThan(5);
	});

	it('reconciles first while Redis is in use', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {breaker: {consecutive: 1000, minimum: 100_000}});
		await cache.set('k', 'old');
		const stalled = proxy.add({kind: 'stall'});
		const removed = cache.delete('k');
		expect(await removed).toEqual({stored: 'memory'});
		proxy.lift(stalled.id);
		await cache.close();
		const other = await fixture.open();
		expect(await other.get('k')).toBeUndefined();
	});

	it('reconciles changes that were made in the turn of the close', async () => {
		const cache = await fixture.open();
		await cache.setMany(['k', 'l', 'm', 'n', 'o'].map((key) => [key, 'old']));
		const removed = ['k', 'l', 'm', 'n', 'o'].map((key) => cache.delete(key));
		await cache.close();
		await Promise.all(removed);
		const other = await fixture.open();
		expect((await other.getMany(['k', 'l', 'm', 'n', 'o'])).size).toBe(0);
	});

	it('does not wait for Redis in fallback', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy);
		await cache.set('k', 'old');
		proxy.add({kind: 'blackhole'});
		await Promise.all(Array.from({length: 10}, (_, index) => cache.set(`k${index}`, index)));
		await untilFallback(cache);
		const started = performance.now();
		await cache.close();
		expect(performance.now() - started).toBeLessThan(500);
	});
});
