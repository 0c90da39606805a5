import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {describedSteps} from '../../source/inspect/keys/described-steps.js';
import {keyPage} from '../../source/inspect/keys/key-page.js';
import {rankedKeys} from '../../source/inspect/keys/ranked-keys.js';
import {scanStep, scanSteps} from '../../source/inspect/keys/scan.js';
import {ScanPace} from '../../source/inspect/keys/scan-pace.js';
import type {Sender} from '../../source/inspect/sender.js';
import {ServerError} from '../../source/pool/errors.js';
import {openPrivateLane, type PrivateLane} from '../support/private-lane.js';
import {itReal} from '../support/real-redis.js';

let redis: PrivateLane;
beforeAll(async () => {
	redis = await openPrivateLane();
});
afterAll(() => redis?.close());
beforeEach(() => redis.send('FLUSHALL'));

const fill = (count: number) =>
	redis.lane.send('EVAL', ["for i = 1, ARGV[1] do redis.call('SET', 'key:' .. i, i) end", 0, count]);

const namesOf = ({rows}: {readonly rows: readonly {readonly key: string}[]}) => rows.map(({key}) => key);

/** Records the commands that a scan sends. */
function recorded(): {readonly sender: Sender; readonly sent: string[]} {
	const sent: string[] = [];
	return {
		sent,
		sender: {
			send(command, args, options) {
				sent.push([command, ...args.map(String)].join(' '));
				return redis.lane.send(command, args, options);
			},
		},
	};
}

describe('a page of keys that match a pattern', () => {
	it('begins with the key of that name, however late a scan would come by', async () => {
		await fill(5000);
		await redis.send('MSET needle a my-needle-2 b');
		const page = await keyPage(redis.lane, {pattern: '*needle*', budgetMs: 0});
		expect(namesOf(page)[0]).toBe('needle');
		expect(page).toMatchObject({scanned: 500, total: 5002});
		expect(page.cursor).toBeDefined();
	});

	it('finds a name that looks like a pattern, and what the pattern matches', async () => {
		await redis.send('MSET a[1] x a1 y *star* z');
		expect(namesOf(await keyPage(redis.lane, {pattern: 'a[1]'}))).toEqual(['a[1]', 'a1']);
		expect(namesOf(await keyPage(redis.lane, {pattern: '\\*star\\*'}))).toEqual(['*star*']);
	});

	it('needs no scan for a pattern without wildcards, of whatever bytes', async () => {
		await fill(2000);
		await redis.lane.send('SET', [Buffer.from([0xff, 0x00]), 'binary']);
		const {sender, sent} = recorded();
		expect(namesOf(await keyPage(sender, {pattern: 'key:7'}))).toEqual(['key:7']);
		expect(await keyPage(sender, {pattern: '"\\xff\\x00"'})).toMatchObject({
			rows: [{type: 'string'}],
			cursor: undefined,
		});
		expect(await keyPage(sender, {pattern: 'key:7', type: 'set'})).toMatchObject({rows: [], cursor: undefined});
		expect(sent.filter((command) => command.startsWith('SCAN'))).toEqual([]);
	});

	it('is also read where DBSIZE is not allowed', async () => {
		await fill(3);
		const sender: Sender = {
			send: async (command, args) => {
				if (command === 'DBSIZE')
					throw new ServerError('denied', 'NOPERM', 'this user has no permissions to run DBSIZE');
				return redis.lane.send(command, args);
			},
		};
		expect(await keyPage(sender)).toMatchObject({total: undefined, scanned: 3, cursor: undefined});
	});
});

describe('the rate of scans', () => {
	it('lets a first page pass at once, and makes later keys wait', async () => {
		await fill(3000);
		const pace = new ScanPace(2000);
		const startedAt = performance.now();
		const first = await keyPage(redis.lane, {pace, budgetMs: 5000});
		expect(first.rows.length).toBeGreaterThanOrEqual(200);
		let scanned = first.scanned;
		for (let {cursor} = first; cursor !== undefined; ) {
			const step = await rankedKeys(redis.lane, {by: 'size', cursor, pace, budgetMs: 50});
			cursor = step.cursor;
			scanned += step.scanned;
		}
		expect(scanned).toBe(3000);
		// A thousand are free.
		expect(performance.now() - startedAt).toBeGreaterThan(900);
	});

	it('knows how fast scans are where it does not hold them up', async () => {
		await fill(3000);
		const pace = new ScanPace(2000);
		expect(pace.reached).toBeUndefined();
		for await (const step of scanSteps(redis.lane, {pace, count: 100})) expect(step.keys.length).toBeGreaterThan(0);
		// Its waiting, of a second, is not part of that.
		expect(pace.reached).toBeGreaterThan(3000);
	});

	it('is met by smaller steps when it is low, so that none of them is long', async () => {
		await fill(100);
		const {sender, sent} = recorded();
		await scanStep(sender, '0', {pace: new ScanPace(100)});
		expect(sent).toEqual(['SCAN 0 COUNT 5']);
	});
});

describe('a scan with type, TTL and size', () => {
	const visit = async (sender: Sender) => {
		const rows = new Map<string, unknown>();
		for await (const step of describedSteps(sender)) for (const row of step.rows) rows.set(row.key, row);
		return rows;
	};

	it('is made in one script a step, of some hundred keys, and finds what single commands find', async () => {
		await fill(3000);
		await redis.send('HSET hash field value');
		await redis.send('RPUSH list a b');
		const {sender, sent} = recorded();
		const scripted = await visit(sender);
		expect(scripted.size).toBe(3002);
		expect(scripted.get('hash')).toMatchObject({type: 'hash', ttlMs: undefined, bytes: expect.any(Number)});
		expect(new Set(sent.map((command) => command.split(' ')[0]))).toEqual(new Set(['CONFIG', 'EVAL_RO']));
		expect(sent.length).toBeGreaterThan(12);
		// A script without keys would see one server of a cluster.
		const cluster = recorded();
		expect(await visit({...cluster.sender, isCluster: true})).toEqual(scripted);
		expect(cluster.sent.filter((command) => command.startsWith('SCAN')).length).toBeGreaterThan(5);
	});

	it('goes on where the server refuses scripts', async () => {
		await fill(300);
		const {sender, sent} = recorded();
		const refusing: Sender = {
			send: (command, args) =>
				command === 'EVAL_RO'
					? Promise.reject(new ServerError('denied', 'NOPERM', 'NOPERM no right to EVAL_RO'))
					: sender.send(command, args),
		};
		expect((await visit(refusing)).size).toBe(300);
		expect(sent.filter((command) => command.startsWith('PTTL'))).toHaveLength(300);
	});

	it('stays below the slow log where that begins early', async () => {
		await fill(300);
		const stepsWith = async (reply: () => Promise<unknown>) => {
			let steps = 0;
			await visit({
				send(command, args) {
					if (command === 'CONFIG') return reply();
					steps++;
					return redis.lane.send(command, args);
				},
			});
			return steps;
		};
		const setting = 'slowlog-log-slower-than';
		expect(await stepsWith(async () => [setting, '100'])).toBeGreaterThan(20);
		for (const value of ['10000', '0', '-1']) expect(await stepsWith(async () => [setting, value])).toBeLessThan(6);
		const refusal = new ServerError('denied', 'NOPERM', 'NOPERM no right to CONFIG');
		expect(await stepsWith(() => Promise.reject(refusal))).toBeLessThan(6);
	});

	it('is made in larger steps, several under way, where a server is far away, and not where one answer is slow', async () => {
		await fill(3000);
		const visitAt = async (delayMs: (trip: number) => number) => {
			const {sender, sent} = recorded();
			let trips = 0;
			const far: Sender = {
				send: async (...call) => {
					await new Promise((resolve) => setTimeout(resolve, delayMs(trips++)));
					return sender.send(...call);
				},
			};
			expect((await visit(far)).size).toBe(3000);
			return sent.filter((command) => command.startsWith('SCAN'));
		};
		expect((await visitAt(() => 50))[0]).toMatch(/COUNT 500$/);
		// A busy machine: most answers wait, some do not.
		expect(await visitAt((trip) => (trip % 5 === 0 ? 0 : 30))).toEqual([]);
	});
});

describe('the size of steps', () => {
	/** Keys in each of the first steps of a scan, of which the third one is late because of `hold`. */
	const stepsWith = async (hold: () => void) => {
		const counts: unknown[] = [];
		const sender: Sender = {
			send(command, args, options) {
				if (command === 'EVAL_RO' && counts.push(args[3]) === 3) hold();
				return redis.lane.send(command, args, options);
			},
		};
		for await (const step of describedSteps(sender)) if (counts.length > 4 || step.cursor === '0') break;
		return counts.slice(0, 4);
	};

	itReal('shrinks when the server is late, and not when this process was too busy to read its reply', async () => {
		await fill(3000);
		const busy = 'for index = 1, 3e7 do end';
		expect(await stepsWith(() => void redis.lane.send('EVAL', [busy, 0]))).toEqual([100, 100, 100, 50]);
		const block = () => {
			for (const ends = performance.now() + 300; performance.now() < ends; );
		};
		expect(await stepsWith(() => setImmediate(block))).toEqual([100, 100, 100, 100]);
	});
});
