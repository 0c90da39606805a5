import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {hasHotKeys, readHotKeys, sampleByHotKeys} from '../../../source/inspect/server/hot-keys/hotkeys-command.js';
import {countedReport, hotKeysReport} from '../../../source/inspect/server/reports/hot-keys-report.js';
import {openPrivateLane, type PrivateLane} from '../../support/private-lane.js';
import {type Replayed, replay} from '../recorded/replay.js';

let replayed: Replayed | undefined;

async function session(name: string, resp?: 2 | 3): Promise<Replayed> {
	replayed = await replay('redis-unstable-2026-06', name, resp);
	return replayed;
}

afterEach(async () => {
	await replayed?.close();
	replayed = undefined;
});

const start = 'HOTKEYS START METRICS 2 CPU NET COUNT 50 DURATION 2';

describe.each([2, 3] as const)('HOTKEYS, by the replies of a server in RESP%i', (resp) => {
	it('counts keys for a time, and nothing is left of the count', async () => {
		const {lane, asked} = await session('hot keys, a count', resp);
		expect(await hasHotKeys(lane)).toBe(true);
		const counted = await sampleByHotKeys(lane, 10);
		if (!counted) throw new Error('keys were counted');
		expect(counted).toMatchObject({isOurs: true, sampleRatio: 1});
		expect(counted.keys.map(({key}) => key.toString()).sort()).toEqual(['list', 'user:1', 'user:2']);
		const sum = (values: readonly (number | undefined)[]) =>
			values.reduce<number>((total, each) => total + (each ?? 0), 0);
		// The application used no other keys: all time and traffic is theirs.
		expect(sum(counted.keys.map(({microseconds}) => microseconds))).toBe(counted.totalMicroseconds);
		expect(sum(counted.keys.map(({bytes}) => bytes))).toBe(counted.totalBytes);
		expect(asked).toEqual([
			'COMMAND INFO HOTKEYS',
			'HOTKEYS GET',
			start,
			'HOTKEYS STOP',
			'HOTKEYS GET',
			'HOTKEYS STOP',
			'HOTKEYS RESET',
		]);
		const {rows, notes} = countedReport(counted);
		expect(rows.map(({cells: [key], level}) => [key, level])).toContainEqual(['user:1', 'warn']);
		expect(notes).toEqual([expect.stringMatching(/^Counted by the server for \d+ ms from [\d:]+: share of its time/)]);
	});

	it('is left alone where somebody else has it count, and one of five uses stands for five', async () => {
		const {lane, asked} = await session('hot keys, counted by somebody else', resp);
		const counted = await sampleByHotKeys(lane, 10);
		if (!counted) throw new Error('keys were counted');
		expect(counted).toMatchObject({isOurs: false, isActive: true, sampleRatio: 5});
		const bytes = counted.keys.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
		// An estimate; without the factor it would be a fifth.
		expect(bytes / counted.totalBytes).toBeGreaterThan(0.5);
		expect(countedReport(counted).notes).toEqual([
			expect.stringMatching(/still counting, estimated from one of 5 uses/),
		]);
		expect(asked).toEqual(['HOTKEYS GET']);
	});

	it('is left alone where somebody else begins at the same moment', async () => {
		const {lane} = await session('hot keys, counted by somebody else', resp);
		expect(await readHotKeys(lane)).toBeDefined();
		await expect(lane.send('HOTKEYS', start.split(' ').slice(1))).rejects.toThrow(/already in progress/);
		await expect(lane.send('HOTKEYS', ['RESET'])).rejects.toThrow(/stop tracking first/);
	});

	it('keeps the results that somebody else has left, and says so', async () => {
		const {lane, asked} = await session('hot keys, the results of somebody else', resp);
		const counted = await sampleByHotKeys(lane, 10);
		expect(counted).toMatchObject({isOurs: false, isActive: false});
		expect(counted && countedReport(counted).notes[1]).toMatch(/Another client left this count; `redis HOTKEYS RESET`/);
		expect(asked).toEqual(['HOTKEYS GET']);
	});

	it('may have counted time alone', async () => {
		const {lane} = await session('hot keys, by processor time alone', resp);
		const {rows, columns} = await hotKeysReport(lane);
		expect(columns.map(({title}) => title)).toEqual(['KEY', 'TIME', 'SPENT', 'TRAFFIC', 'BYTES']);
		expect(rows[0]?.cells).toEqual([
			expect.any(String),
			expect.stringMatching(/ %$/),
			expect.stringMatching(/s$/),
			'',
			'',
		]);
	});

	it('is done without where this user may not use it', async () => {
		const {lane} = await session('hot keys, no right', resp);
		await lane.send('AUTH', ['viewer', 'secret']);
		expect(await hasHotKeys(lane)).toBe(true);
		expect(await sampleByHotKeys(lane, 10)).toBeUndefined();
	});

	it('says nothing before anything was counted, and is not asked where a server does not know it', async () => {
		const {lane} = await session('hot keys, none counted', resp);
		expect(await hasHotKeys(lane)).toBe(true);
		expect(await readHotKeys(lane)).toBeUndefined();
		for (const recording of ['redis-8.0.6', 'valkey-9.1.2'] as const) {
			const other = await replay(recording, 'no hot keys', resp);
			expect(await hasHotKeys(other.lane).finally(other.close), recording).toBe(false);
		}
	});
});

describe('HOTKEYS of the server at hand', () => {
	let redis: PrivateLane;
	beforeAll(async () => {
		redis = await openPrivateLane();
		return () => redis.close();
	});

	it('counts the keys of applications', async (test) => {
		if (!(await hasHotKeys(redis.lane))) return test.skip('this server has no HOTKEYS');
		const counting = sampleByHotKeys(redis.lane, 200);
		for (let use = 0; use < 50; use++) await redis.send('SET hot value');
		const counted = await counting;
		expect(counted?.keys.map(({key}) => key.toString())).toEqual(['hot']);
		expect(await readHotKeys(redis.lane)).toBeUndefined();
	});
});
