import {afterEach, beforeEach, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {RedisCacheError} from '../../../source/pool/errors.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {markMemoryUnverified, memoryEntry, untilTracking} from '../support/states.js';

/** Replies that Redis does not give to these commands, and a proxy may. */
const fixture = redisFixture();

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => void process.on('unhandledRejection', note).on('uncaughtException', note));
afterEach(() => {
	process.off('unhandledRejection', note).off('uncaughtException', note);
	expect(unhandled.splice(0)).toEqual([]);
});

/** One of each type, in RESP2 and RESP3, and some in each other. */
const elements = [
	'+OK\r\n',
	'-ERR bent\r\n',
	':7\r\n',
	':-1\r\n',
	'$-1\r\n',
	'$0\r\n\r\n',
	'$3\r\nabc\r\n',
	'*0\r\n',
	'*-1\r\n',
	'*2\r\n$1\r\na\r\n*1\r\n:1\r\n',
	'_\r\n',
	'#t\r\n',
	',1.5\r\n',
	'(123456789012345678901234567890\r\n',
	'!8\r\nERR bulk\r\n',
	'=7\r\ntxt:abc\r\n',
	'%1\r\n+a\r\n:1\r\n',
	'~1\r\n:1\r\n',
] as const;

const arrayOf = (...items: readonly string[]): string => `*${items.length}\r\n${items.join('')}`;

/** Each element by itself, and in an array with others before and after it. */
const replies = elements.flatMap((element, index) => [
	element,
	arrayOf(...['$-1\r\n', ':5\r\n'].slice(0, index % 3), element, ...(index % 2 === 0 ? [] : ['$-1\r\n'])),
]);

const callAll = (cache: RedisCache, key: string): readonly Promise<unknown>[] => [
	cache.get(key),
	cache.getMany([key, `${key}!`]),
	cache.getOrSet(key, () => 'loaded', {tags: ['t']}),
	cache.set(key, 1),
	cache.set(`${key}?`, 1, {tags: ['t']}),
	cache.expire(key, '1m'),
	cache.delete(key),
	cache.invalidateTags(['t']),
	cache.clear(),
];

const commands: readonly (readonly [name: string, words: readonly string[]])[] = [
	['MGET', ['MGET']],
	['EVALSHA', ['EVALSHA']],
	['SCRIPT LOAD', ['SCRIPT', 'LOAD']],
	['TIME', ['TIME']],
	['HELLO without arguments', ['*1\r\n', 'HELLO']],
	['INFO', ['INFO']],
	['CLIENT ID', ['client', 'ID']],
	['CLIENT TRACKING', ['TRACKING']],
];

it.each(commands)('no call hangs or rejects because of any reply to %s', async (_name, words) => {
	// All at the same time: most of each is waiting.
	const results = await Promise.all(
		replies.map(async (reply, index) => {
			const tap = await startTap(fixture.redis);
			tap.answer(reply, ...words);
			const cache = fixture.create({url: tap.url, deadline: 100, pool: {lanes: 1}, namespace: `n${index}`});
			const errors: unknown[] = [];
			cache.on('error', ({error}) => errors.push(error));
			const settled = await Promise.all(callAll(cache, `k${index}`).map((call) => settle(call)));
			settled.push(...(await Promise.all(callAll(cache, `k${index}`).map((call) => settle(call)))));
			const {pending} = cache.stats();
			await cache.close();
			return {rejected: settled.filter(({error}) => error !== undefined), pending, errors};
		}),
	);
	for (const {rejected, pending, errors} of results) {
		expect({rejected, pending}).toEqual({rejected: [], pending: 0});
		for (const error of errors) expect(error).toBeInstanceOf(RedisCacheError);
	}
});

const bentElements = elements.filter((element) => !/^[+$_=,]/.test(element) && element !== '*-1\r\n');

it.each(bentElements)(
	'an element of the reply to MGET that is neither bytes nor nil is a miss and an event: %j',
	async (element) => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, ttl: '1h', deadline: '5s', pool: {lanes: 1}});
		await untilTracking(cache);
		await cache.set('k', 'value');
		await until(() => (memoryEntry(cache, 'k')?.version ?? 0) > 0, 'it has a version');
		markMemoryUnverified(cache);
		const errors: string[] = [];
		cache.on('error', ({operation, error}) => errors.push(`${operation}: ${error.message}`));
		// The generation of the namespace, the key, and the counter if it is not known.
		tap.answer(arrayOf('$-1\r\n', element), '*3\r\n$4\r\nMGET');
		tap.answer(arrayOf('$-1\r\n', element, '$-1\r\n'), '*4\r\n$4\r\nMGET');
		expect(await cache.get('k')).toBeUndefined();
		expect(errors.length).toBeGreaterThan(0);
		for (const error of errors)
			expect(error).toMatch(/^get: (MGET was not answered with one value for each key|ERR b)/);
		expect(cache.stats().mode.mode).toBe('connected');
	},
);

it('the other elements of such a reply are answered', async () => {
	const tap = await startTap(fixture.redis);
	const writer = await fixture.open({ttl: '1h', deadline: '5s'});
	await writer.setMany([
		['a', 1],
		['b', 2],
	]);
	const [a, generation] = await fixture.raw.mgetBuffer(
		'rct:default:a',
		writer.internals.parts.namespaces.open('default').generationKey,
	);
	const cache = await fixture.open({url: tap.url, memory: false, deadline: '5s'});
	const bulk = (bytes: Buffer | null | undefined) => `$${bytes?.length}\r\n${bytes?.toString('latin1')}\r\n`;
	// The generation of the namespace, the first key, the counter, the other key.
	tap.answer(arrayOf(bulk(generation), bulk(a), '$-1\r\n', '-WRONGTYPE of the other shard\r\n'), 'MGET');
	expect(await cache.getMany(['a', 'b'])).toEqual(new Map([['a', 1]]));
});

it('a list of invalidated keys with something else in it invalidates all', async () => {
	const cache = await fixture.open({ttl: '1h', deadline: '5s'});
	await untilTracking(cache);
	await cache.set('k', 1);
	await fixture.raw.publish('__redis__:invalidate', 'not a list');
	await until(
		() => memoryEntry(cache, 'k')?.epoch !== cache.internals.parts.namespaces.open('default').tier?.epoch,
		'memory is unverified',
	);
});
