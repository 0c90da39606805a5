import {afterAll, beforeAll, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import type {ModeChange} from '../../../source/metrics/snapshot.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {describeReal} from '../../support/real-redis.js';
import {until} from '../../support/until.js';
import {untilConnected, untilFallback} from '../support/states.js';

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
			await cache.ready('10s');
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
		const error = await refused(cache);
		expect(error.message).toContain('WRONGPASS');
		expect(error.message).not.toContain('MISTYPED');
		expect(cache.stats().mode.reason).toContain('not connected within');
		expect(errors.some((text) => text.startsWith('connect: ') && text.includes('WRONGPASS'))).toBe(true);
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
