import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {ClosedError} from '../../source/pool/errors.js';
import type {Pool} from '../../source/pool/types.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let redis: RedisProcess;
let proxy: FaultProxy;
let pool: Pool;

type Heard =
	| {readonly type: 'ready'; readonly id: number}
	| {readonly type: 'lost'; readonly reason: string}
	| {readonly type: 'keys'; readonly keys: readonly string[] | undefined};

const listen = (): {readonly heard: Heard[]; readonly close: () => void} => {
	const heard: Heard[] = [];
	const subscriber = pool.subscriber({
		onReady: (id) => heard.push({type: 'ready', id}),
		onLost: (reason) => heard.push({type: 'lost', reason}),
		onInvalidate: (keys) => heard.push({type: 'keys', keys: keys?.map(String)}),
	});
	return {heard, close: () => subscriber.close()};
};

const readyIds = (heard: readonly Heard[]): readonly number[] =>
	heard.flatMap((event) => (event.type === 'ready' ? [event.id] : []));

beforeAll(async () => {
	redis = await startRedisProcess();
});

beforeEach(async () => {
	proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
	pool = createPool({url: `redis://${proxy.host}:${proxy.port}`, lanes: 2, deadlineMs: 150});
	await pool.ready(30_000);
});

afterEach(async () => {
	await pool.close();
	await proxy.close();
});

afterAll(() => redis.close());

const track = async (id: number): Promise<void> => {
	await pool.lanes[0]?.send('client', ['tracking', 'on', 'redirect', id, 'bcast', 'prefix', 'rct:']);
};

describe('the subscriber', () => {
	it('receives changed keys as bytes, and FLUSHALL as all keys', async () => {
		const {heard} = listen();
		await until(() => heard.length === 1, 'it is ready');
		await track(readyIds(heard)[0] ?? 0);
		await pool.lanes[1]?.send('set', ['other', '1']);
		await pool.lanes[1]?.send('mset', ['rct:a', '1', 'rct:é', '2']);
		await until(() => heard.length >= 2, 'it hears of the keys');
		const keys = heard.flatMap((event) => (event.type === 'keys' ? (event.keys ?? []) : []));
		expect([...keys].sort()).toEqual(['rct:a', 'rct:é']);
		await pool.lanes[1]?.send('flushall', []);
		await until(
			() => heard.some((event) => event.type === 'keys' && event.keys === undefined),
			'it hears of everything',
		);
	});

	it('reconnects after a reset, with a new client id', async () => {
		const {heard} = listen();
		await until(() => heard.length === 1, 'it is ready');
		proxy.add({kind: 'reset'}, {forMs: 20});
		await until(() => readyIds(heard).length === 2, 'it is ready again');
		expect(heard.map(({type}) => type)).toEqual(['ready', 'lost', 'ready']);
		expect(readyIds(heard)[1]).not.toBe(readyIds(heard)[0]);
		await pool.ready(30_000);
		await track(readyIds(heard)[1] ?? 0);
		await pool.lanes[1]?.send('set', ['rct:b', '1']);
		await until(() => heard.at(-1)?.type === 'keys', 'it hears of a key');
	});

	it('detects a black hole by its pings', async () => {
		const {heard} = listen();
		await until(() => heard.length === 1, 'it is ready');
		const begin = performance.now();
		proxy.add({kind: 'blackhole'});
		await until(() => heard.length === 2, 'it is lost');
		expect(performance.now() - begin).toBeLessThan(1000);
		expect(heard[1]).toMatchObject({type: 'lost', reason: expect.stringContaining('ping') as string});
		proxy.heal();
		await until(() => readyIds(heard).length === 2, 'it is ready again');
	});

	it('keeps its connection while pings are answered', async () => {
		const {heard} = listen();
		await until(() => heard.length === 1, 'it is ready');
		const before = proxy.bytes().up;
		await until(() => proxy.bytes().up > before + 40, 'it has pinged a few times');
		expect(heard).toHaveLength(1);
	});

	it('calls no handler after it was closed', async () => {
		const {heard, close} = listen();
		await until(() => heard.length === 1, 'it is ready');
		await track(readyIds(heard)[0] ?? 0);
		close();
		close();
		proxy.add({kind: 'reset'}, {forMs: 20});
		await until(() => pool.lanes.every(({state}) => state === 'waiting'), 'the lanes notice');
		await pool.ready(30_000);
		await pool.lanes[1]?.send('set', ['rct:c', '1']);
		await until(() => proxy.connections() === 2, 'only the lanes are connected');
		expect(heard).toHaveLength(1);
	});

	it('cannot be opened from a closed pool', async () => {
		await pool.close();
		expect(() => listen()).toThrow(ClosedError);
	});
});
