import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import type {Sender} from '../../source/inspect/sender.js';
import {collectionOf, type ElementPage, readElements} from '../../source/inspect/values/elements.js';
import {inspectKey} from '../../source/inspect/values/inspect-key.js';
import {ServerError} from '../../source/pool/errors.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';
import {itReal} from '../support/real-redis.js';
import {recordings, replay} from './recorded/replay.js';

let redis: PrivateLane;
beforeAll(async () => {
	redis = await openPrivateLane();
});
afterAll(() => redis?.close());
beforeEach(() => redis.send('FLUSHALL'));

const eval_ = (script: string) => redis.lane.send('EVAL', [script, 0]);

function read(key: string, type: string, query: {cursor?: string | undefined; match?: string; count?: number} = {}) {
	const collection = collectionOf(type);
	if (!collection) throw new Error(`${type} is no collection`);
	return readElements(redis.lane, Buffer.from(key), collection, query);
}

/** All pages of a collection, joined. */
async function readAll(key: string, type: string, match?: string): Promise<{lines: string[]; pages: number}> {
	const lines: string[] = [];
	let cursor: string | undefined;
	let pages = 0;
	do {
		const page: ElementPage = await read(key, type, {cursor, ...(match === undefined ? {} : {match})});
		lines.push(...page.lines);
		cursor = page.cursor;
		pages++;
	} while (cursor !== undefined);
	return {lines, pages};
}

describe('a collection', () => {
	it.each([
		['hash', "for i = 1, 1000 do redis.call('HSET', 'big', 'field:' .. i, 'v') end"],
		['set', "for i = 1, 1000 do redis.call('SADD', 'big', 'member:' .. i) end"],
		['zset', "for i = 1, 1000 do redis.call('ZADD', 'big', i, 'member:' .. i) end"],
		['list', "for i = 1, 1000 do redis.call('RPUSH', 'big', 'element:' .. i) end"],
	])('of type %s is read page by page, with every element', async (type, script) => {
		await eval_(script);
		const {lines, pages} = await readAll('big', type);
		expect(new Set(lines).size).toBe(1000);
		expect(pages).toBeGreaterThan(5);
		const found = await readAll('big', type, ':777');
		expect(found.lines).toHaveLength(1);
		expect(found.lines[0]).toMatch(/:777/);
	});

	for (const [test, type, script] of [
		[it, 'zset', "for i = 1, 500 do redis.call('ZADD', 'even', i, 'member:' .. i) end"],
		[it, 'list', "for i = 1, 500 do redis.call('RPUSH', 'even', 'element:' .. i) end"],
		[itReal, 'stream', "for i = 1, 500 do redis.call('XADD', 'even', i .. '-0', 'field', i) end"],
	] as const)
		test(`of type ${type} whose last page is full has no page after it`, async () => {
			await eval_(script);
			expect(await readAll('even', type)).toMatchObject({lines: {length: 500}, pages: 5});
			if (type !== 'zset')
				expect(await read('even', type, {match: 'no such'})).toMatchObject({scanned: 500, cursor: undefined});
		});

	it('is searched by a pattern, too', async () => {
		await eval_(
			"for i = 1, 1000 do redis.call('RPUSH', 'list', 'e' .. i); redis.call('HSET', 'hash', 'e' .. i, 1) end",
		);
		expect((await readAll('list', 'list', 'e?')).lines).toHaveLength(9);
		expect((await readAll('hash', 'hash', 'e?')).lines).toHaveLength(9);
		expect((await readAll('list', 'list', 'e?')).lines[0]).toBe('0  e1');
		for (const type of ['list', 'hash']) expect((await readAll(type, type, 'e[7-9]')).lines).toHaveLength(3);
	});

	it('of fields is searched by their names and by their values', async () => {
		await redis.send('HSET hash name Ada town London');
		expect((await readAll('hash', 'hash', 'London')).lines).toEqual(['town = London']);
		expect((await readAll('hash', 'hash', 'A*')).lines).toEqual(['name = Ada']);
		expect((await readAll('hash', 'hash', 'town')).lines).toEqual(['town = London']);
	});

	itReal('of entries of a stream is read from the newest on', async () => {
		await eval_("for i = 1, 250 do redis.call('XADD', 'stream', i .. '-1', 'f', 'v' .. i) end");
		const {lines, pages} = await readAll('stream', 'stream');
		expect(lines).toHaveLength(250);
		expect(lines[0]).toBe('250-1  f = v250');
		expect(pages).toBe(3);
		expect((await readAll('stream', 'stream', 'v249')).lines).toEqual(['249-1  f = v249']);
	});
});

itReal('a stream is shown with its groups, what is pending and how far they are behind', async () => {
	await eval_("for i = 1, 5 do redis.call('XADD', 'stream', i .. '-1', 'f', 'v') end");
	await redis.send('XGROUP CREATE stream workers 0');
	await redis.send('XREADGROUP GROUP workers ada COUNT 2 STREAMS stream >');
	expect((await inspectKey(redis.lane, 'stream'))?.groups).toEqual([
		{name: 'workers', consumers: 1, pending: 2, lag: 3, lastDeliveredId: '2-1'},
	]);
});

describe('the TTLs of hash fields', () => {
	it.each(recordings)('are shown beside the fields, by the replies of %s', async (recording) => {
		const replayed = await replay(recording, 'fields with TTLs');
		const collection = collectionOf('hash');
		if (!collection) throw new Error('a hash is a collection');
		const {lines} = await readElements(replayed.lane, Buffer.from('hash'), collection).finally(replayed.close);
		expect(lines).toEqual([expect.stringMatching(/^a = 1 {2}\(expires in \d+d \d\dh\)$/), 'b = 2']);
	});

	it('are asked for once where the server has none', async () => {
		await redis.send('HSET hash a 1');
		const asked: string[] = [];
		const sender: Sender = {
			async send(command, args) {
				asked.push(command);
				// As of Redis 7.0.15.
				if (command === 'HPTTL') throw new ServerError('bug', 'ERR', "ERR unknown command 'HPTTL'");
				return redis.lane.send(command, args);
			},
		};
		const collection = collectionOf('hash');
		if (!collection) throw new Error('a hash is a collection');
		for (let round = 0; round < 2; round++)
			expect((await readElements(sender, Buffer.from('hash'), collection)).lines).toEqual(['a = 1']);
		expect(asked.filter((command) => command === 'HPTTL')).toHaveLength(1);
	});
});
