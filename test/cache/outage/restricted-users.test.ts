import {readFileSync} from 'node:fs';
import {networkInterfaces} from 'node:os';
import {afterAll, beforeAll, expect, it, vi} from 'vitest';
import {leastRights} from '../../../source/cache/outage/rights.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {allScripts} from '../../../source/cache/scripts/all-scripts.js';
import type {ModeChange} from '../../../source/metrics/snapshot.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {describeReal} from '../../support/real-redis.js';
import {startRedisProcess} from '../../support/redis-process.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {calls} from '../support/every-call.js';
import {untilConnected, untilFallback, untilTracking} from '../support/states.js';

/** Users with limited rights. */
const fixture = redisFixture();

const users: Readonly<Record<string, readonly string[]>> = {
	'not-dangerous': ['+@all', '-@dangerous'],
	'no-info': ['+@all', '-info'],
	'no-dbsize': ['+@all', '-dbsize'],
	'no-script': ['+@all', '-script'],
	'no-client': ['+@all', '-client'],
	'no-time': ['+@all', '-time'],
	'no-evalsha': ['+@all', '-evalsha', '-eval'],
	reader: ['+@read', '+@connection', '+time', '+info', '+script'],
};

const password = 'PASSWORD';

const urlOf = (user: string, word = password): string => fixture.redis.url.replace('//', `//${user}:${word}@`);

beforeAll(async () => {
	for (const [user, rules] of Object.entries(users))
		await fixture.raw.call('ACL', 'SETUSER', user, 'reset', 'on', `>${password}`, '~*', '&*', ...rules);
});

afterAll(async () => {
	await fixture.raw.call('ACL', 'DELUSER', ...Object.keys(users));
});

describeReal('a user without the right to inspect the server', () => {
	for (const user of ['not-dangerous', 'no-info'] as const) {
		it(`${user}: is served, and an event reports once that rollback detection is off`, async () => {
			// Long enough to connect on a busy machine: a timeout would be an event, too.
			const cache = fixture.create({url: urlOf(user), deadline: '5s'});
			const errors: string[] = [];
			cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
			await cache.ready('30s');
			expect(await cache.set('k', 1)).toEqual({stored: 'redis'});
			expect(await (await fixture.open({memory: false})).get('k')).toBe(1);
			expect(errors).toEqual([expect.stringMatching(/^connect: rollback detection is off: .*INFO/)]);
			expect(errors.join()).not.toContain(password);
		});
	}

	for (const user of ['no-script', 'no-client', 'no-dbsize'] as const) {
		it(`${user}: is served`, async () => {
			const cache = await fixture.open({url: urlOf(user)});
			expect(await cache.set('k', 1)).toEqual({stored: 'redis'});
			expect(await cache.get('k')).toBe(1);
			expect(await cache.delete('k')).toEqual({stored: 'redis'});
		});
	}
});

describeReal('a Redis that cannot be used', () => {
	const refused = async (cache: RedisCache): Promise<Error> => {
		const {error} = await settle(cache.ready(700));
		if (!(error instanceof Error)) throw new Error('it became ready');
		return error;
	};

	it('is reported with the reason: TIME is not permitted', async () => {
		const cache = fixture.create({url: urlOf('no-time')});
		const error = await refused(cache);
		expect(error).toMatchObject({code: 'ERR_NOT_CONNECTED', cause: {code: 'ERR_SERVER_NOPERM'}});
		expect(error.message).toContain('NOPERM');
	});

	it('is reported with the reason: the password is wrong; calls are answered without Redis', async () => {
		const cache = fixture.create({url: urlOf('no-time', 'MISTYPED')});
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
		await until(
			() => errors.some((text) => text.startsWith('connect: ') && text.includes('WRONGPASS')),
			'the reason is told',
		);
		const error = await refused(cache);
		expect(error.message).toContain('WRONGPASS');
		expect(error.message).not.toContain('MISTYPED');
		expect(cache.stats().mode.reason).toContain('not connected within');
		expect(errors.join()).not.toContain('MISTYPED');
		expect(await cache.set('k', 1)).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe(1);
	});

	it('is probed less and less often, and each reason is reported once', async () => {
		const cache = fixture.create({url: urlOf('no-time')});
		const modes: ModeChange[] = [];
		const errors: string[] = [];
		cache.on('mode', (mode) => modes.push(mode));
		cache.on('error', ({error}) => errors.push(error.message));
		await refused(cache);
		const commands = () => cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.commands, 0);
		const before = commands();
		await new Promise((resolve) => setTimeout(resolve, 1200));
		// Four lanes, ten times a second, would be 48.
		expect(commands() - before).toBeLessThan(16);
		expect(modes.length).toBeLessThanOrEqual(2);
		expect(errors.length).toBeLessThanOrEqual(3);
	});
});

describeReal('a user without the right to write', () => {
	it('can read, and dirty keys are retried with pauses', async () => {
		await (await fixture.open()).set('k', 'value');
		const cache = await fixture.open({url: urlOf('no-evalsha')});
		expect(await cache.get('k')).toBe('value');
		let errors = 0;
		cache.on('error', () => errors++);
		await cache.set('other', 1);
		await until(() => errors > 0, 'the write is refused');
		errors = 0;
		await new Promise((resolve) => setTimeout(resolve, 1500));
		// Ten times a second would be 15.
		expect(errors).toBeLessThan(8);
		expect(await cache.get('other')).toBe(1);
	});
});

describeReal('a user with rights to some namespaces only', () => {
	const rules = ['reset', 'on', `>${password}`, '~rct:!*', '~rct:a:*', '&*', '+@all'];
	beforeAll(() => fixture.raw.call('ACL', 'SETUSER', 'some', ...rules));
	afterAll(() => fixture.raw.call('ACL', 'DELUSER', 'some'));

	it('recovers from an outage, although keys of other namespaces stay dirty', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.open({
			url: urlOf('some').replace(/127\.0\.0\.1:\d+/, `${proxy.host}:${proxy.port}`),
			ttl: '1h',
		});
		const [a, b] = [cache.namespace('a'), cache.namespace('b')];
		expect(await b.set('k', 1)).toEqual({stored: 'memory'});
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		await a.set('k', 1);
		proxy.heal();
		await untilConnected(cache);
		expect(await a.set('k', 2)).toEqual({stored: 'redis'});
	});

	it('can write those, whatever else is written in the same turn', async () => {
		const cache = await fixture.open({url: urlOf('some'), pool: {lanes: 1}, ttl: '1h'});
		const [a, b] = [cache.namespace('a'), cache.namespace('b')];
		await a.set('first', 1);
		await b.set('first', 1);
		expect(await Promise.all([a.set('k', 1), b.set('k', 1)])).toEqual([{stored: 'redis'}, {stored: 'memory'}]);
	});
});

describeReal('a user with few rights', () => {
	it('can use the cache without INFO, CLIENT TRACKING and SCRIPT', async () => {
		await fixture.raw.call(
			'ACL',
			'SETUSER',
			'little',
			'on',
			'nopass',
			'~rct:*',
			'+@all',
			'-@dangerous',
			'-@admin',
			'-script',
			'-client',
		);
		const cache = await fixture.open({url: `redis://little:any@127.0.0.1:${fixture.redis.port}`});
		expect(await cache.set('k', 1, {tags: ['t']})).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe(1);
		expect(await cache.getOrSet('l', () => 2)).toBe(2);
		await cache.invalidateTags(['t']);
		expect(await cache.get('k')).toBeUndefined();
		expect(cache.stats().mode.mode).toBe('connected');
	});
});

/** The line in the guide that gives the least rights. */
const aclLine =
	/^ACL SETUSER cache (.*)$/m.exec(
		readFileSync(new URL('../../../notes/guide/rights.md', import.meta.url), 'utf8'),
	)?.[1] ?? '';

const setUser = (name: string, ...rules: readonly string[]): Promise<unknown> =>
	fixture.raw.call('ACL', 'SETUSER', name, ...rules);

describeReal('the least rights', () => {
	const name = 'least';
	afterAll(() => fixture.raw.call('ACL', 'DELUSER', name));

	it('in the guide are those in the error, and have each command that a script calls', () => {
		expect(leastRights('rct', 'standalone')).toBe(`ACL SETUSER cache ${aclLine}`);
		const called = allScripts.flatMap(({text}) =>
			[...text.matchAll(/redis\.p?call\('(\w+)'/g)].map(([, command]) => command),
		);
		expect(called.length).toBeGreaterThan(10);
		for (const command of called) expect(aclLine.split(' ')).toContain(`+${command?.toLowerCase()}`);
	});

	it('are enough for every call, for invalidations and for the detection of a rollback', async () => {
		await setUser(name, ...aclLine.replace('PASSWORD', password).split(' '));
		const cache = fixture.create({url: urlOf(name), deadline: '5s', ttl: {default: '1h', sliding: true}});
		const complaints: string[] = [];
		cache.on('error', ({operation, error}) => complaints.push(`${operation}: ${error.message}`));
		cache.on('restriction', ({reason}) => complaints.push(reason));
		await cache.ready('30s');
		await untilTracking(cache);
		for (const call of Object.values(calls)) await call(cache, {} as never);
		expect(await cache.getOrSet('loaded', () => 1, {fresh: true, tags: ['t']} as never)).toBe(1);
		expect(await cache.withConnection((connection) => connection.send('PING'))).toEqual(Buffer.from('PONG'));
		await until(async () => (await fixture.raw.keys('rct:!!beat:*')).length > 0, 'the time is written');
		expect(complaints).toEqual([]);
	});
});

describeReal('a user without TIME', () => {
	it('cannot start, and the error has the line for the ACL', async () => {
		await setUser(
			'categories',
			'reset',
			'on',
			`>${password}`,
			'~*',
			'&*',
			'+@read',
			'+@write',
			'+@scripting',
			'+@connection',
		);
		const cache = fixture.create({url: urlOf('categories'), prefix: 'shop'});
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		await until(() => errors.length > 0, 'it is reported');
		expect(errors[0]).toContain("'time'");
		expect(errors[0]).toContain('ACL SETUSER cache on >PASSWORD resetkeys ~shop:* ');
	});
});

describeReal('rights that go missing at run time', () => {
	it.each([
		['of scripts', ['-evalsha', '-eval'], ['+evalsha', '+eval']],
		['of a command in scripts', ['-set', '-getrange'], ['+set', '+getrange']],
	] as const)('%s are told by the restriction, until they are back', async (_name, revoke, grant) => {
		await setUser('changing', 'reset', 'on', `>${password}`, '~*', '&*', '+@all');
		const cache = await fixture.open({url: urlOf('changing'), deadline: '5s', ttl: '1h'});
		const told: unknown[] = [];
		cache.on('restriction', ({what, isOver, reason}) => told.push({what, isOver, reason}));
		await cache.set('k', 1);
		expect(cache.stats().restrictions).toEqual([]);
		expect(await cache.prometheus()).toContain('redis_cache_restricted{restriction="writes"} 0');
		await setUser('changing', ...revoke);
		expect(await cache.set('k', 2)).toEqual({stored: 'memory'});
		const reason = expect.stringMatching(/(permission|can't run).*ACL SETUSER cache/);
		expect(told).toEqual([{what: 'writes', isOver: false, reason}]);
		expect(cache.stats()).toMatchObject({mode: {mode: 'connected'}, restrictions: [{what: 'writes', reason}]});
		expect(await cache.prometheus()).toContain('redis_cache_restricted{restriction="writes"} 1');
		await setUser('changing', ...grant);
		await until(async () => (await cache.set('k', 3)).stored === 'redis' && told.length > 1, 'it is over', {
			everyMs: 100,
		});
		expect(told[1]).toEqual({what: 'writes', isOver: true, reason});
		expect(cache.stats().restrictions).toEqual([]);
	});

	it('are found at the start', async () => {
		const cache = await fixture.open({url: urlOf('reader'), deadline: '5s'});
		expect(cache.stats()).toMatchObject({
			mode: {mode: 'connected'},
			restrictions: [{what: 'writes', reason: expect.stringContaining('ACL SETUSER cache')}],
		});
	});
});

describeReal('a Redis that cannot save to its disk', () => {
	it('refuses writes, and is read', async () => {
		const tap = await startTap(fixture.redis);
		await (await fixture.open({ttl: '1h'})).set('k', 'value');
		const cache = await fixture.open({url: tap.url, deadline: '5s', breaker: {consecutive: 2}, memory: false});
		tap.answer(
			"-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.\r\n",
			'EVALSHA',
		);
		for (let round = 0; round < 10; round++) expect(await cache.delete(`d${round}`)).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe('value');
		expect(cache.stats()).toMatchObject({mode: {mode: 'connected'}, restrictions: [{what: 'writes'}]});
	});
});

const address = Object.values(networkInterfaces())
	.flat()
	.find((each) => each?.family === 'IPv4' && !each.internal)?.address;

describeReal('a Redis in protected mode', () => {
	it.runIf(address !== undefined)('is reported with what to do, and without warnings of ioredis', async () => {
		const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
		const server = await startRedisProcess({args: ['--bind', '0.0.0.0']});
		const cache = new RedisCache({
			url: server.url.replace('127.0.0.1', address ?? ''),
			pool: {reconnect: {min: 10, max: 20}},
		});
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		await until(() => errors.some((text) => text.includes('protected mode')), 'it is reported');
		expect(errors.length).toBeLessThan(5);
		expect(warn).not.toHaveBeenCalled();
		await cache.close();
		await server.close();
		warn.mockRestore();
	});
});

describeReal('a Redis that is farther away than the deadline', () => {
	it('is reported once, with the time that it takes', async () => {
		const proxy = await fixture.proxy();
		proxy.add({kind: 'latency', delayMs: 120});
		const cache = fixture.create({
			url: `redis://${proxy.host}:${proxy.port}`,
			deadline: 80,
			pool: {connectTimeout: '5s'},
		});
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		const isExplained = (text: string) => /took \d+ ms to answer, and the deadline is 80 ms: raise deadline/.test(text);
		await until(() => errors.some(isExplained), 'it is reported');
		await new Promise((resolve) => setTimeout(resolve, 1000));
		expect(errors.filter(isExplained)).toHaveLength(1);
	});

	it('is reported even if its handshake takes too long', async () => {
		const proxy = await fixture.proxy();
		proxy.add({kind: 'latency', delayMs: 300});
		const cache = fixture.create({url: `redis://${proxy.host}:${proxy.port}`, pool: {connectTimeout: 200}});
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		await until(
			() => errors.some((text) => /handshake within 200 ms, .* raise pool\.connectTimeout/.test(text)),
			'it is reported',
		);
	});
});
