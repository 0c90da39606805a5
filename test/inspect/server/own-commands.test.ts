import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {describeKeys} from '../../../source/inspect/keys/describe-keys.js';
import {keyPage} from '../../../source/inspect/keys/key-page.js';
import {keyTtls} from '../../../source/inspect/keys/key-ttls.js';
import {LightTtlSample} from '../../../source/inspect/keys/light-ttl-sample.js';
import {textOf} from '../../../source/inspect/sender.js';
import {figuresBetween} from '../../../source/inspect/server/activity/figures.js';
import {CountingSender} from '../../../source/inspect/server/activity/own/counting-sender.js';
import {OwnTally} from '../../../source/inspect/server/activity/own/own-tally.js';
import {countersOf} from '../../../source/inspect/server/info/counters.js';
import {parseInfo} from '../../../source/inspect/server/info/info-sections.js';
import {readNode} from '../../../source/inspect/server/info/read-node.js';
import {Refusals} from '../../../source/inspect/server/info/refusals.js';
import {openPrivateLane, type PrivateLane} from '../../support/private-lane.js';

let redis: PrivateLane;

beforeAll(async () => {
	redis = await openPrivateLane();
});

afterAll(async () => {
	await redis?.close();
});

beforeEach(async () => {
	await redis.send('FLUSHALL');
	for (let index = 0; index < 50; index++) await redis.send(`SET key:${index} value${index < 30 ? ' PX 60000' : ''}`);
});

async function read() {
	const reading = await readNode({address: undefined, sender: redis.lane, own: new OwnTally()}, new Refusals());
	if (!reading) throw new Error('INFO was refused');
	return reading;
}

/** Lookups that the server has counted so far. */
async function lookups() {
	const {hits, misses} = (await read()).counters;
	return {hits, misses};
}

test('of the commands that look at keys, only some count as lookups', async () => {
	const counted = async (line: string) => {
		const before = await lookups();
		await redis.send(line);
		const after = await lookups();
		return after.hits - before.hits + after.misses - before.misses;
	};
	for (const line of ['PTTL key:1', 'EXPIRETIME key:1', 'TYPE key:1', 'OBJECT FREQ key:1', 'EXISTS key:1', 'GET none'])
		expect(await counted(line).catch(() => 1), line).toBe(1);
	for (const line of ['SCAN 0 COUNT 20', 'RANDOMKEY', 'DBSIZE', 'MEMORY USAGE key:1'])
		expect(await counted(line), line).toBe(0);
});

test('the figures are those of others, whatever this program has looked up', async () => {
	const own = new OwnTally();
	const inspector = new CountingSender(redis.lane, own);
	const readOwn = async () => {
		const reading = await readNode({address: undefined, sender: inspector, own}, new Refusals());
		if (!reading) throw new Error('INFO was refused');
		return reading;
	};
	const before = await readOwn();
	for (let index = 0; index < 7; index++) await redis.send(`GET key:${index}`);
	await redis.send('GET missing');
	for (let index = 20; index < 30; index++) await inspector.send('PTTL', [`key:${index}`]);
	await inspector.send('TYPE', ['key:1']);
	await inspector.send('PTTL', ['missing']);
	await inspector.send('EXISTS', ['missing']);
	await inspector.send('MEMORY', ['USAGE', 'key:1']);
	await inspector.send('SCAN', ['0']);
	await inspector.send('SCAN', ['0', 'COUNT', 1000, 'TYPE', 'string']);
	// Lists of keys are described by a script, whose commands the server counts one by one.
	await keyPage(inspector);
	await describeKeys(inspector, [Buffer.from('key:1'), Buffer.from('missing')]);
	// Answered after INFO, in the same bytes: they belong to the next span.
	const [info] = await Promise.all([
		inspector.send('INFO', ['ALL']),
		...Array.from({length: 20}, () => inspector.send('TYPE', ['key:2'])),
	]);
	const after = countersOf(parseInfo(textOf(info)), before.counters.at + 1000, undefined);
	const share = {connections: 0, pingMs: undefined};
	const figures = figuresBetween(before.counters, after, {commands: own.take(), ...share});
	expect(figures).toMatchObject({hits: 7, misses: 1, commands: 8, families: {reads: 8, scripts: 0}});
	expect(figures?.busiest.map(({name}) => name)).toEqual(['get']);
	const last = await readOwn();
	const later = figuresBetween(after, last.counters, {commands: last.own, ...share});
	expect(later).toMatchObject({hits: 0, misses: 0, commands: 0});
});

test('TTLs are sampled with few lookups, and keys without one are counted by the server', async () => {
	const sample = new LightTtlSample(redis.lane);
	const before = await lookups();
	await sample.refresh({lookups: 0, keys: 50}, 0);
	const {counters} = await read();
	expect(counters.hits - before.hits).toBeLessThanOrEqual(100);
	const ttls = keyTtls(sample.ttls ?? [], counters, 0);
	expect(ttls).toMatchObject({sampled: 30, total: 50, withoutTtl: 20});
	expect(ttls.buckets.find(({label}) => label === '1m')?.count).toBe(30);

	// A quiet application is looked at once a minute, a busy one every ten seconds, twenty keys at a time.
	const counts = async (lookupsPerSecond: number, now: number) => {
		const {hits} = await lookups();
		await sample.refresh({lookups: lookupsPerSecond, keys: 50}, now);
		return (await lookups()).hits - hits;
	};
	expect(await counts(10, 59_000)).toBe(0);
	expect(await counts(10, 60_000)).toBeLessThanOrEqual(20);
	expect(await counts(5000, 69_000)).toBe(0);
	expect(await counts(5000, 70_000)).toBeGreaterThan(0);
	expect(sample.ttls?.length).toBeLessThanOrEqual(50);
});

test('what a script has looked up counts with its reply, though INFO is answered in the same turn', async () => {
	const own = new OwnTally();
	const waiting: (() => void)[] = [];
	const replies: Readonly<Record<string, unknown>> = {EVAL_RO: [Buffer.from([0x90]), 1], INFO: ''};
	const sender = {
		send: (command: string) =>
			new Promise<unknown>((resolve) => {
				waiting.push(() => resolve(replies[command]));
			}),
	};
	const inspector = new CountingSender(sender, own);
	const described = describeKeys(inspector, [Buffer.from('a'), Buffer.from('b')]);
	const info = inspector.send('INFO', []);
	for (const answer of waiting) answer();
	await Promise.all([described, info]);
	expect(own.take()).toMatchObject({
		hits: 2,
		misses: 2,
		calls: new Map([
			['eval_ro', 1],
			['type', 2],
			['pttl', 2],
			['info', 1],
		]),
	});
});
