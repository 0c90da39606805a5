import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {findClockLibrary} from '../../source/embedded/clock-library.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {ServerFaults} from '../../source/faults/server-faults.js';
import {realRedisVersion} from '../support/real-redis.js';

const hasLibrary = realRedisVersion !== undefined && (await findClockLibrary()) !== undefined;

const servers = [
	{prefer: 'binary', isPossible: hasLibrary},
	{prefer: 'built-in', isPossible: true},
] as const;

describe.for(servers.filter(({isPossible}) => isPossible))('the clock of a private server, $prefer', ({prefer}) => {
	let server: PrivateRedis;
	let faults: ServerFaults;

	beforeAll(async () => {
		server = await startPrivateRedis({prefer, setsClock: true});
		faults = new ServerFaults({server});
	});
	afterEach(() => faults.heal());
	afterAll(async () => {
		faults.close();
		await server.close();
	});

	/** The time in a script, and by TIME: the offset from that of this process, in milliseconds. */
	const offsets = async (): Promise<{readonly least: number; readonly most: number}> => {
		const client = new Redis(server.url, {lazyConnect: true, retryStrategy: () => null});
		try {
			await client.connect();
			const before = Date.now();
			const times = [await client.time(), await client.eval("return redis.call('TIME')", 0)] as string[][];
			const ms = times.map(([seconds = '', fraction = '']) => Number(seconds) * 1000 + Number(fraction) / 1000);
			return {least: Math.min(...ms) - Date.now(), most: Math.max(...ms) - before};
		} finally {
			client.disconnect();
		}
	};

	const expectOffset = async (ms: number): Promise<void> => {
		const {least, most} = await offsets();
		expect(least).toBeLessThanOrEqual(ms + 2);
		expect(most).toBeGreaterThanOrEqual(ms - 2);
	};

	it.each([250, -2000, 3_600_000, -0.5])(
		'is %d ms ahead while the fault is active, and right after it',
		async (offsetMs) => {
			const {id} = await faults.add({kind: 'clock', offsetMs});
			await expectOffset(offsetMs);
			await faults.lift(id);
			await expectOffset(0);
		},
	);

	it('is wrong after a restart, too, and right after one without the fault', async () => {
		const {id} = await faults.add({kind: 'clock', offsetMs: -60_000});
		await server.restart();
		await expectOffset(-60_000);
		await server.kill();
		await faults.lift(id);
		await server.restart();
		await expectOffset(0);
	});

	it('ends keys early when it jumps ahead, and leaves the process as it is', async () => {
		const {pid} = server;
		const client = new Redis(server.url);
		try {
			await client.set('key', 'value', 'EX', 60);
			await faults.add({kind: 'clock', offsetMs: 120_000});
			expect(await client.get('key')).toBeNull();
			expect(server.pid).toBe(pid);
		} finally {
			client.disconnect();
		}
	});

	it('cannot be wrong in two ways at once', async () => {
		await faults.add({kind: 'clock', offsetMs: 100});
		await expect(faults.add({kind: 'clock', offsetMs: 200})).rejects.toThrow(/^clock is not possible while clock is/);
	});
});

describe.skipIf(realRedisVersion === undefined)('a server binary that was started without libfaketime', () => {
	it('refuses the fault clock, with what to do', async () => {
		const server = await startPrivateRedis({prefer: 'binary'});
		const faults = new ServerFaults({server});
		try {
			await expect(faults.add({kind: 'clock', offsetMs: 250})).rejects.toThrow(
				'clock needs a server whose clock can be set: start the program with --faketime',
			);
		} finally {
			faults.close();
			await server.close();
		}
	});

	it('does not follow, and the fault is refused with the clock as it was', async () => {
		const server = await startPrivateRedis({prefer: 'binary'});
		const set: number[] = [];
		const deaf: PrivateRedis = Object.create(server, {
			clockObstacle: {value: undefined},
			url: {value: server.url},
			name: {value: server.name},
			setClock: {value: async (ms: number) => void set.push(ms)},
		});
		const faults = new ServerFaults({server: deaf});
		try {
			await expect(faults.add({kind: 'clock', offsetMs: 5000})).rejects.toThrow(
				/^clock failed on redis-server: its clock is -?\d ms ahead instead: libfaketime has no effect/,
			);
			expect(faults.active()).toEqual([]);
			expect(set).toEqual([5000, 0]);
		} finally {
			faults.close();
			await server.close();
		}
	});
});
