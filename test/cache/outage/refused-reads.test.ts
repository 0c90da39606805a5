import {randomBytes} from 'node:crypto';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {localNow} from '../../../source/cache/clock/local-now.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {describeReal} from '../../support/real-redis.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {memoryEntry, untilInvalidated, untilTracking} from '../support/states.js';

const fixture = redisFixture();
/** Long enough for a busy machine: no read is answered from memory because of a missed deadline. */
const deadline = '5s';
const password = 'PASSWORD';

const userUrl = (user: string): string => fixture.redis.url.replace('//', `//${user}:${password}@`);

const setUser = (user: string, ...rules: readonly string[]): Promise<unknown> =>
	fixture.raw.call('ACL', 'SETUSER', user, 'reset', 'on', `>${password}`, '~*', '&*', ...rules);

describeReal('a read that Redis answers with an error', () => {
	beforeAll(() => setUser('reader', '+@all'));
	afterAll(() => fixture.raw.call('ACL', 'DELUSER', 'reader', 'some'));

	it.each([
		['NOPERM', "-NOPERM this user has no permissions to run the 'mget' command or its subcommand\r\n"],
		['LOADING', '-LOADING Redis is loading the dataset in memory\r\n'],
		['an unknown command', "-ERR unknown command 'MGET', with args beginning with: \r\n"],
	])('%s: is not answered with what another process is known to have changed', async (_name, reply) => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({
			deadline,
			url: tap.url,
			ttl: {default: '1h', grace: '1h'},
			breaker: {consecutive: 100},
		});
		const other = await fixture.open({deadline, ttl: '1h'});
		await untilTracking(cache);
		await cache.set('k', 'old');
		await untilInvalidated(cache, fixture.raw);
		expect(await cache.get('k')).toBe('old');
		await other.set('k', 'new');
		await untilInvalidated(cache, fixture.raw);
		tap.answer(reply, 'MGET');
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('is answered with the stale value if nobody can have changed it', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({deadline, url: tap.url, ttl: {default: '1s', grace: '1h', jitter: 0}});
		await untilTracking(cache);
		await cache.set('k', 'value');
		await untilInvalidated(cache, fixture.raw);
		expect(await cache.get('k')).toBe('value');
		await until(() => localNow() > (memoryEntry(cache, 'k')?.freshUntil ?? 0), 'it is stale');
		tap.answer('-NOPERM nothing is permitted\r\n', 'MGET');
		expect(await cache.get('k')).toBe('value');
	});

	it('because of one key or namespace does not keep the others of its turn from being read', async () => {
		const writer = await fixture.open({deadline, ttl: '1h'});
		const names = ['a', 'b', 'c'] as const;
		for (const name of names)
			for (const key of ['1', '2', '3', 'secret']) await writer.namespace(name).set(key, `${name}${key}`);
		await setUser('some', 'resetkeys', '~rct:!*', '~rct:a:*', '~rct:c:?', '+@all');
		const cache = await fixture.open({deadline, url: userUrl('some'), memory: false});
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		const read = () =>
			Promise.all(
				names.map(async (name) => [...(await cache.namespace(name).getMany(['1', '2', '3', 'secret'])).values()]),
			);
		for (let round = 0; round < 3; round++)
			expect(await read()).toEqual([['a1', 'a2', 'a3', 'asecret'], [], ['c1', 'c2', 'c3']]);
		// Once for each command as it was first sent, two in each round, and not for each of its parts.
		expect(errors.length).toBeLessThanOrEqual(2 + 2 + 2);
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('because of a marker of another namespace does not keep a large value from being read', async () => {
		const large = randomBytes(400_000).toString('base64');
		const writer = await fixture.open({deadline, ttl: '1h'});
		await writer.namespace('a').set('k', large);
		await writer.namespace('b').set('k', 'secret');
		await setUser('some', 'resetkeys', '~rct:![^{]*', '~rct:!{[^b]*', '~rct:[ad]*', '+@all');
		const cache = await fixture.open({deadline, url: userUrl('some'), memory: false});
		const [a, b] = [cache.namespace('a'), cache.namespace('b')];
		// From now on one such value fills a command.
		expect(await a.get('k')).toBe(large);
		const values = await Promise.all([a.get('k'), b.get('k')]);
		// Compared here, so that a failure does not print it.
		expect(values.map((value) => value === large)).toEqual([true, false]);
	});

	it('because its keys are in different slots is repeated with those of one slot', async () => {
		const tap = await startTap(fixture.redis);
		const writer = await fixture.open({deadline, ttl: '1h'});
		const keys = Array.from({length: 10}, (_, index) => `k${index}`);
		await writer.setMany(keys.map((key) => [key, key]));
		await writer.set('tagged', 1, {tags: ['t']});
		const cache = await fixture.open({deadline, url: tap.url, memory: false});
		const crossSlot = "-CROSSSLOT Keys in request don't hash to the same slot\r\n";
		for (let length = 3; length <= 12; length++) tap.answer(crossSlot, `*${length}\r\n$4\r\nMGET`, 'rct:default:');
		expect(await cache.getMany(keys)).toEqual(new Map(keys.map((key) => [key, key])));
		expect(await cache.get('tagged')).toBe(1);
		expect(await cache.get('missing')).toBeUndefined();
	});
});
