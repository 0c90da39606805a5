import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from 'vitest';
import type {CacheOptions, Credentials} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {ExclusiveConnection} from '../../source/pool/checkouts/exclusive-connection.js';
import {ErrorReplies} from '../../source/pool/commands/error-replies.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import {readSettings} from '../../source/pool/pool-settings.js';
import type {Login} from '../../source/pool/redis-url.js';
import {createTopology} from '../../source/pool/topology.js';
import type {Pool} from '../../source/pool/types.js';
import {untilConnected, untilTracking} from '../cache/support/states.js';
import {gate, settle} from '../support/gate.js';
import {describeReal} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {startTap} from '../support/tap.js';
import {until} from '../support/until.js';

let redis: RedisProcess;
let admin: Redis;
const closing: {close(): Promise<void>}[] = [];

const openPool = (options: PoolOptions): Pool => {
	const pool = createPool({url: redis.url, lanes: 2, ...options});
	closing.push(pool);
	return pool;
};

const openCache = (pool: CacheOptions['pool'], options: CacheOptions = {}): RedisCache => {
	const cache = new RedisCache({url: redis.url, ...options, pool: {clientName: 'rotating', ...pool}});
	closing.push(cache);
	return cache;
};

const allow = (user: string, password: string) =>
	admin.call('ACL', 'SETUSER', user, 'on', `>${password}`, '~*', '&*', '+@all');

/** Users of the connections of the caches, one for each connection. */
const users = async (): Promise<string[]> => {
	const list = String(await admin.call('CLIENT', 'LIST'));
	return [...list.matchAll(/ name=rotating .* user=(\S+)/g)].map(([, user = '']) => user);
};

const soon = (): Date => new Date(Date.now() + 300);

describeReal('pool.credentials', () => {
	beforeAll(async () => {
		redis = await startRedisProcess();
		admin = new Redis(redis.port, redis.host);
		await admin.call('ACL', 'SETUSER', 'default', 'on', 'nopass');
	});

	beforeEach(async () => {
		await allow('ann', 'first');
		await allow('bob', 'second');
	});

	afterEach(async () => {
		await Promise.all(closing.splice(0).map((each) => each.close()));
		await admin.call('ACL', 'DELUSER', 'ann', 'bob', 'carl');
	});

	afterAll(async () => {
		admin.disconnect();
		await redis.close();
	});

	it('is asked at each connect, in place of what the URL says', async () => {
		let asked = 0;
		const credentials = async (): Promise<Credentials> => {
			asked++;
			return {username: 'ann', password: 'first'};
		};
		const url = redis.url.replace('redis://', 'redis://nobody:nothing@');
		const cache = openCache({credentials}, {url});
		await cache.ready(30_000);
		await untilTracking(cache);
		expect(await cache.set('k', 1)).toEqual({stored: 'redis'});
		expect(new Set(await users())).toEqual(new Set(['ann']));
		const before = asked;
		await admin.call('CLIENT', 'KILL', 'USER', 'ann');
		await until(async () => (await users()).length === 3, 'all connections are open again');
		expect(asked).toBeGreaterThan(before);
	});

	it('logs in without a user name, too', async () => {
		await admin.call('ACL', 'SETUSER', 'default', 'resetpass', '>third');
		try {
			const cache = openCache({credentials: () => ({password: 'third'})});
			await cache.ready(30_000);
			await untilTracking(cache);
			expect(await users()).toEqual(['default', 'default', 'default']);
		} finally {
			await admin.call('ACL', 'SETUSER', 'default', 'nopass');
		}
	});

	it('before they expire, lanes, checkouts and the subscriber log in anew, and traffic loses no call', async () => {
		const answers: Credentials[] = [
			{username: 'ann', password: 'first', expiresAt: soon()},
			{username: 'bob', password: 'second'},
		];
		let isRotated = false;
		const credentials = () => answers[isRotated ? 1 : 0] as Credentials;
		// Longer than a busy machine may keep a call waiting.
		const cache = openCache({credentials}, {deadline: '5s'});
		await cache.ready(30_000);
		await untilTracking(cache);
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		const errors: unknown[] = [];
		cache.on('error', ({error}) => errors.push(error));
		let isOver = false;
		let calls = 0;
		const traffic = Array.from({length: 20}, async (_, caller) => {
			for (let round = 0; !isOver; round++) {
				const key = `k${caller}`;
				expect(await cache.set(key, round, {strict: true})).toEqual({stored: 'redis'});
				expect(await cache.get(key, {strict: true})).toBe(round);
				calls++;
			}
		});
		// One in a transaction, and one that is idle.
		const {promise, open} = gate();
		await cache.withConnection((connection) => connection.send('PING'));
		const transaction = cache.withConnection(async (connection) => {
			await connection.send('MULTI');
			await connection.send('INCR', ['n']);
			await promise;
			return connection.send('EXEC');
		});
		await cache.withConnection((connection) => connection.send('PING'));
		isRotated = true;
		await until(async () => (await users()).filter((user) => user === 'bob').length === 4, 'they are bob');
		expect((await users()).filter((user) => user === 'ann')).toHaveLength(1);
		open();
		expect(await transaction).toEqual([1]);
		await until(async () => !(await users()).includes('ann'), 'the transaction is over');
		// Deleting a user closes its connections: there is none left.
		await admin.call('ACL', 'DELUSER', 'ann');
		const before = calls;
		await until(() => calls > before + 40, 'traffic goes on');
		isOver = true;
		await Promise.all(traffic);
		await untilTracking(cache);
		expect([errors, modes]).toEqual([[], []]);
		expect(cache.stats().pool.lanes.map(({reconnects}) => reconnects)).toEqual([0, 0]);
		// The subscriber hears of changes as before.
		await cache.get('k1');
		await admin.del('rct:default:k1');
		await until(async () => (await cache.get('k1')) === undefined, 'the change is announced');
	});

	it('is asked again if it fails: open connections go on, and new ones wait', async () => {
		let fails = false;
		const credentials = async (): Promise<Credentials> => {
			if (fails) throw new TypeError('secret in the message');
			return {username: 'ann', password: 'first', expiresAt: soon()};
		};
		const cache = openCache({credentials});
		await cache.ready(30_000);
		fails = true;
		const errors: Error[] = [];
		cache.on('error', ({operation, error}) => {
			if (operation === 'connect') errors.push(error);
		});
		await until(() => errors.length > 1, 'renewing has failed');
		expect(errors[0]).toMatchObject({
			code: 'ERR_CREDENTIALS',
			message: expect.stringMatching(
				/^The function pool\.credentials, for redis:\/\/127\.0\.0\.1:\d+\S*, threw TypeError$/,
			),
			cause: {message: 'secret in the message'},
		});
		expect(await cache.set('k', 1)).toEqual({stored: 'redis'});
		await admin.call('CLIENT', 'KILL', 'USER', 'ann');
		await until(() => cache.stats().mode.mode === 'fallback', 'there is no connection');
		fails = false;
		await untilConnected(cache);
		expect(await cache.set('k', 2)).toEqual({stored: 'redis'});
	});

	it('that are refused leave open connections as they are, with an error', async () => {
		let password = 'first';
		const cache = openCache({credentials: () => ({username: 'ann', password, expiresAt: soon()})});
		const errors: Error[] = [];
		cache.on('error', ({error}) => errors.push(error));
		await cache.ready(30_000);
		password = 'wrong';
		await until(() => errors.length > 0, 'Redis has refused');
		expect(errors[0]).toMatchObject({code: 'ERR_CREDENTIALS', message: expect.stringContaining('refused')});
		expect(errors[0]?.message).not.toContain('wrong');
		expect(await cache.set('k', 1)).toEqual({stored: 'redis'});
		// The subscriber, too, goes on as it was.
		await untilTracking(cache);
		password = 'first';
		await untilConnected(cache);
	});

	it('a subscriber that gets no answer to its new login connects again', async () => {
		const tap = await startTap(redis);
		let isRotated = false;
		const credentials = (): Credentials =>
			isRotated ? {username: 'bob', password: 'second'} : {username: 'ann', password: 'first', expiresAt: soon()};
		const pool = openPool({url: tap.url, credentials, lanes: 1, deadlineMs: 500});
		const states: string[] = [];
		const subscriber = pool.subscriber({
			onReady: () => states.push('ready'),
			onLost: () => states.push('lost'),
			onInvalidate: () => {},
		});
		await until(() => states.length === 1, 'it is subscribed');
		const unsubscribing = tap.holdRequest('unsubscribe');
		isRotated = true;
		await unsubscribing.passed;
		const login = tap.holdRequest('auth', 'bob');
		unsubscribing.release();
		await login.passed;
		await until(() => states.length === 3, 'it is subscribed again');
		expect(states).toEqual(['ready', 'lost', 'ready']);
		subscriber.close();
	});

	it('a subscriber that is just logging in takes still newer ones, too', async () => {
		await allow('carl', 'third');
		const tap = await startTap(redis);
		const answers: readonly Credentials[] = [
			{username: 'ann', password: 'first', expiresAt: soon()},
			{username: 'bob', password: 'second', expiresAt: soon()},
			{username: 'carl', password: 'third'},
		];
		let turn = 0;
		const credentials = () => answers[turn] as Credentials;
		const pool = openPool({url: tap.url, credentials, lanes: 1, deadlineMs: 5000, clientName: 'rotating'});
		const states: string[] = [];
		pool.subscriber({
			onReady: () => states.push('ready'),
			onLost: () => states.push('lost'),
			onInvalidate: () => {},
		});
		await until(() => states.length === 1, 'it is subscribed');
		const unsubscribing = tap.holdRequest('unsubscribe');
		turn = 1;
		await unsubscribing.passed;
		const login = tap.holdRequest('auth', 'bob');
		unsubscribing.release();
		await login.passed;
		turn = 2;
		await until(async () => (await users()).includes('carl'), 'the lane is carl');
		login.release();
		await until(async () => (await users()).every((user) => user === 'carl'), 'so is the subscriber');
		await until(() => states.at(-1) === 'ready', 'it is subscribed again');
	});

	it('a transaction ends with the latest ones, however often they have changed meanwhile', async () => {
		const asked: Login[] = [];
		const {openExclusive} = createTopology(redis.url, readSettings({url: redis.url}));
		const connection = await new Promise<ExclusiveConnection>((resolve) => {
			new ExclusiveConnection({
				id: 1,
				redactedUrl: redis.url,
				deadlineMs: 5000,
				open: openExclusive,
				credentials: undefined,
				errorReplies: new ErrorReplies(),
				onReady: resolve,
				onGone: () => {},
				onReleased: () => {},
			});
		});
		const checkout = connection.lend('transaction');
		await checkout.send('multi', []);
		let latest: Login = {username: 'ann', password: 'first'};
		const loggingIn = [1, 2].map(() =>
			connection.authenticate(() => {
				asked.push(latest);
				return latest;
			}),
		);
		latest = {username: 'bob', password: 'second'};
		await checkout.send('exec', []);
		await Promise.all(loggingIn);
		expect(asked).toEqual([latest, latest]);
		expect(connection.login).toBe(latest);
		expect(String(await checkout.send('acl', ['whoami']))).toBe('bob');
		connection.destroy('the test is over');
	});

	it.each([
		['nothing', () => undefined, /must return \{username/],
		['no password', () => ({username: 'ann'}), /must return \{username/],
		['an unreadable time', () => ({password: 'x', expiresAt: 'tomorrow'}), /must return \{username/],
		['a rejection', () => Promise.reject(new Error('no')), /threw Error/],
	])('%s: says what is wrong', async (_name, credentials, message) => {
		const pool = openPool({credentials: credentials as never});
		const {error} = await settle(pool.ready(300));
		expect(error).toMatchObject({message: expect.stringMatching(message)});
	});

	it('has to be a function', () => {
		expect(() => openCache({credentials: 'ann' as never})).toThrow('pool.credentials must be a function, not string');
	});
});
