import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {wrong} from '../support/every-call.js';

const fixture = redisFixture();

describe('withConnection', () => {
	it('runs a transaction, and returns what the work returns', async () => {
		const cache = await fixture.open();
		const replies = await cache.withConnection(async (connection) => {
			await connection.send('WATCH', ['visits']);
			await connection.send('MULTI');
			await connection.send('INCRBY', ['visits', 5]);
			await connection.send('GET', ['visits']);
			return connection.send('EXEC');
		});
		expect(replies).toEqual([5, Buffer.from('5')]);
		expect(cache.stats().pool.checkouts).toMatchObject({open: 1, busy: 0, acquired: 1});
	});

	it('lends a connection to one caller at a time, and lends a clean one again', async () => {
		const cache = await fixture.open({pool: {checkouts: {max: 1}}});
		const ids = await Promise.all(
			Array.from({length: 5}, () => cache.withConnection((connection) => connection.send('CLIENT', ['ID']))),
		);
		expect(new Set(ids).size).toBe(1);
	});

	it('closes a connection that is given back with an open transaction', async () => {
		const cache = await fixture.open({pool: {checkouts: {max: 1}}});
		const idOf = () => cache.withConnection((connection) => connection.send('CLIENT', ['ID']));
		const before = await idOf();
		const failing = cache.withConnection(async (connection) => {
			await connection.send('MULTI');
			throw new Error('changed my mind');
		});
		await expect(failing).rejects.toThrow('changed my mind');
		expect(await idOf()).not.toBe(before);
		await expect(
			cache.withConnection((connection) => connection.send('INCR', ['rct:!{default}', 'too many'])),
		).rejects.toMatchObject({code: 'ERR_SERVER_ERR'});
	});

	it('rejects commands on a connection that was kept after the work', async () => {
		const cache = await fixture.open();
		const kept = await cache.withConnection((connection) => ({connection}));
		await expect(kept.connection.send('PING')).rejects.toMatchObject({code: 'ERR_CLOSED'});
	});

	it('waits in line until its timeout, or until its signal is aborted', async () => {
		const cache = await fixture.open({pool: {checkouts: {max: 1, maxWaiters: 2}}});
		const {promise, open} = gate();
		const holding = cache.withConnection(() => promise);
		await until(() => cache.stats().pool.checkouts.busy === 1, 'the connection is lent');
		const impatient = settle(cache.withConnection(() => 1, {timeout: '20ms', purpose: 'counting'}));
		const controller = new AbortController();
		const abandoned = settle(cache.withConnection(() => 1, {signal: controller.signal}));
		expect((await settle(cache.withConnection(() => 1))).error).toMatchObject({code: 'ERR_OVERLOAD'});
		controller.abort(new Error('gave up'));
		expect((await abandoned).error).toMatchObject({message: 'gave up'});
		expect((await impatient).error).toMatchObject({
			code: 'ERR_ACQUIRE_TIMEOUT',
			message: expect.stringContaining('"counting" within 20 ms'),
		});
		open();
		await holding;
	});

	it('gives a blocking command the deadline it asks for', async () => {
		const cache = await fixture.open({deadline: 100});
		const popped = cache.withConnection((connection) => connection.send('BLPOP', ['queue', 5], {deadline: '6s'}));
		await new Promise((resolve) => setTimeout(resolve, 200));
		await fixture.raw.rpush('queue', 'job');
		expect(await popped).toEqual([Buffer.from('queue'), Buffer.from('job')]);
	});

	it('rejects in time when Redis is away, and when the cache is closed', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {deadline: 100});
		const stalled = cache.withConnection(async (connection) => {
			proxy.add({kind: 'blackhole'});
			return connection.send('PING');
		});
		expect((await settle(stalled)).error).toMatchObject({code: 'ERR_DEADLINE'});
		const late = await settle(cache.withConnection((connection) => connection.send('PING'), {timeout: 300}));
		expect(late.error).toMatchObject({code: 'ERR_ACQUIRE_TIMEOUT'});
		expect(late.ms).toBeLessThan(2000);
		const waiting = settle(cache.withConnection(() => 1, {timeout: '10s'}));
		await cache.close();
		expect((await waiting).error).toMatchObject({code: 'ERR_CLOSED'});
		await expect(cache.withConnection(() => 1)).rejects.toMatchObject({code: 'ERR_CLOSED'});
	});

	it('rejects arguments that it cannot use', async () => {
		const cache = await fixture.open();
		for (const [work, options] of [
			[undefined, {}],
			[() => 1, {timout: 1}],
			[() => 1, {timeout: 0}],
			[() => 1, {purpose: 1}],
			[() => 1, {signal: {}}],
			[(connection: {send(...args: unknown[]): unknown}) => connection.send('PING', [], {dedline: 1}), {}],
		])
			expect((await settle(cache.withConnection(wrong(work), wrong(options)))).error).toMatchObject({
				code: 'ERR_INVALID_ARGUMENT',
			});
		await expect(cache.withConnection(() => 1, {timeout: wrong('x')})).rejects.toMatchObject({
			code: 'ERR_INVALID_DURATION',
		});
	});
});
