import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {type Edit, editValue} from '../../source/inspect/values/edit-value.js';
import {inspectKey} from '../../source/inspect/values/inspect-key.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';

describe.each(['auto', 'built-in'] as const)('an edit of a value, on a server of kind %s', (kind) => {
	let redis: PrivateLane;
	beforeAll(async () => {
		redis = await openPrivateLane(kind);
	});
	afterAll(() => redis?.close());
	beforeEach(() => redis.send('FLUSHALL'));

	const edit = (key: string, change: Edit) => editValue(redis.lane, key, change);
	const parts = async (key: string) =>
		Object.fromEntries((await inspectKey(redis.lane, key))?.preview.parts.map(({at, value}) => [at, value]) ?? []);

	it('changes a string and keeps its TTL', async () => {
		await redis.send('SET name Ada PX 60000');
		expect(await edit('name', {kind: 'set', value: '"Grace" Hopper'})).toBe('done');
		expect(await parts('name')).toEqual({undefined: '"Grace" Hopper'});
		expect(Number(await redis.send('PTTL name'))).toBeGreaterThan(50_000);
	});

	it('changes, adds and removes fields of a hash', async () => {
		await redis.send('HSET user name Ada age 36');
		expect(await edit('user', {kind: 'hset', at: 'age', value: '37', expected: '36'})).toBe('done');
		expect(await edit('user', {kind: 'hset', at: 'city', value: 'London'})).toBe('done');
		expect(await edit('user', {kind: 'hdel', at: 'name'})).toBe('done');
		expect(await edit('user', {kind: 'hdel', at: 'name'})).toBe('no such element');
		expect(await parts('user')).toEqual({age: '37', city: 'London'});
	});

	it('changes, adds and removes elements of a list by their index', async () => {
		await redis.send('RPUSH list a b a c');
		expect(await edit('list', {kind: 'lset', at: '1', value: 'B'})).toBe('done');
		expect(await edit('list', {kind: 'lrem', at: '2', expected: 'a'})).toBe('done');
		expect(await edit('list', {kind: 'lpush', value: 'first'})).toBe('done');
		expect(await edit('list', {kind: 'rpush', value: 'last'})).toBe('done');
		expect(await edit('list', {kind: 'lset', at: '99', value: 'x'})).toBe('no such element');
		expect(await parts('list')).toEqual({0: 'first', 1: 'a', 2: 'B', 3: 'c', 4: 'last'});
	});

	it('changes members of sets and scores of sorted sets', async () => {
		await redis.send('SADD set a b');
		expect(await edit('set', {kind: 'sadd', at: 'c'})).toBe('done');
		expect(await edit('set', {kind: 'srem', at: 'a'})).toBe('done');
		expect(Object.keys(await parts('set')).sort()).toEqual(['b', 'c']);
		await redis.send('ZADD scores 1 ada');
		expect(await edit('scores', {kind: 'zadd', at: 'ada', value: '2.5', expected: '1'})).toBe('done');
		expect(await edit('scores', {kind: 'zadd', at: 'grace', value: '3'})).toBe('done');
		expect(await parts('scores')).toEqual({ada: '2.5', grace: '3'});
		expect(await edit('scores', {kind: 'zrem', at: 'ada'})).toBe('done');
		await expect(edit('scores', {kind: 'zadd', at: 'grace', value: 'much'})).rejects.toThrow(/float/);
	});

	it('is refused if the value is not the expected one, and changes nothing', async () => {
		await redis.send('SET name Ada');
		expect(await edit('name', {kind: 'set', value: 'x', expected: 'Grace'})).toBe('changed meanwhile');
		await redis.send('RPUSH list a');
		expect(await edit('list', {kind: 'lrem', at: '0', expected: 'b'})).toBe('changed meanwhile');
		expect(await edit('list', {kind: 'set', value: 'x'})).toBe('wrong type');
		expect(await edit('nobody', {kind: 'hset', at: 'a', value: 'b'})).toBe('gone');
		expect(await redis.send('EXISTS nobody')).toBe(0);
		expect(await parts('name')).toEqual({undefined: 'Ada'});
		expect(await parts('list')).toEqual({0: 'a'});
	});

	it('is refused for entries of the cache', async () => {
		await redis.send(`SET entry rct2v${'0'.repeat(200)}`);
		expect(await edit('entry', {kind: 'set', value: 'x'})).toBe('entry of the cache');
	});
});

describe('the editable parts of a preview', () => {
	let redis: PrivateLane;
	beforeAll(async () => {
		redis = await openPrivateLane();
	});
	afterAll(() => redis?.close());

	it('are text that is shown in full', async () => {
		await redis.lane.send('HSET', ['mixed', 'text', 'yes', 'bytes', Buffer.from([0xff, 0]), 'long', 'x'.repeat(5000)]);
		const details = await inspectKey(redis.lane, 'mixed');
		expect(details?.preview.lines).toHaveLength(3);
		expect(details?.preview.parts).toEqual([{at: 'text', value: 'yes'}]);
	});

	it('are none if a decoder formatted the value', async () => {
		await redis.send('SET entry raw');
		const details = await inspectKey(redis.lane, 'entry', () => ({formats: [], syntax: 'text', lines: ['decoded']}));
		expect(details?.preview).toMatchObject({lines: ['decoded'], parts: []});
	});
});
