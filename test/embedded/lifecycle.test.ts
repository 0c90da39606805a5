import {existsSync} from 'node:fs';
import {createServer} from 'node:net';
import {afterEach, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis, PrivateRedisOptions} from '../../source/embedded/types.js';
import {childrenOf, isAlive, parentOf} from '../support/processes.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {until} from '../support/until.js';

const kinds = [
	{prefer: 'binary', name: 'redis-server', kind: 'private', absent: realRedisVersion === undefined},
	{prefer: 'built-in', name: 'built-in server', kind: 'built-in', absent: false},
] as const;

const started: PrivateRedis[] = [];

async function start(options: PrivateRedisOptions): Promise<PrivateRedis> {
	const redis = await startPrivateRedis(options);
	started.push(redis);
	return redis;
}

async function ask(redis: PrivateRedis, ...words: string[]): Promise<string> {
	const wire = await RawConnection.open(redis.port);
	const frame = await wire.call(words);
	wire.close();
	return frame.text;
}

const pidOf = (redis: PrivateRedis): number => {
	if (redis.pid === undefined) throw new Error('it does not run');
	return redis.pid;
};

const directoryOf = async (redis: PrivateRedis): Promise<string> =>
	/(\/\S+)\r\n$/.exec(await ask(redis, 'CONFIG', 'GET', 'dir'))?.[1] ?? '';

afterEach(async () => {
	await Promise.all(started.splice(0).map((redis) => redis.close()));
});

for (const {prefer, name, kind, absent} of kinds) {
	describe.skipIf(absent)(`a private Redis (${name})`, () => {
		it('answers, and says what it is', async () => {
			const redis = await start({prefer});
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
			expect(redis).toMatchObject({kind, name, host: '127.0.0.1'});
			expect(redis.version).toMatch(/^\d+\.\d+\.\d+$/);
			expect(await ask(redis, 'INFO', 'server')).toContain(`process_id:${redis.pid}\r\n`);
		});

		it('is killed and started again on its port, empty', async () => {
			const redis = await start({prefer});
			const {port} = redis;
			const first = pidOf(redis);
			await ask(redis, 'SET', 'key', 'value');
			await redis.kill();
			expect(redis.pid).toBeUndefined();
			expect(isAlive(first)).toBe(false);
			await expect(RawConnection.open(port)).rejects.toThrow('ECONNREFUSED');
			await redis.kill();
			await redis.restart();
			expect(redis.port).toBe(port);
			expect(pidOf(redis)).not.toBe(first);
			expect(await ask(redis, 'DBSIZE')).toBe(':0\r\n');
		});

		it('is empty after a restart even if it was told to save', async () => {
			const redis = await start({prefer});
			await ask(redis, 'SET', 'key', 'value');
			await ask(redis, 'SAVE');
			await redis.restart();
			expect(await ask(redis, 'DBSIZE')).toBe(':0\r\n');
		});

		it('answers nothing while it is paused, and everything afterwards', async () => {
			const redis = await start({prefer});
			const wire = await RawConnection.open(redis.port);
			redis.pause();
			wire.send(['PING']);
			let answered = false;
			const answer = wire.nextReply().then((frame) => {
				answered = true;
				return frame.text;
			});
			// Another server answers meanwhile, so time enough has passed.
			await ask(await start({prefer}), 'PING');
			expect(answered).toBe(false);
			redis.resume();
			expect(await answer).toBe('+PONG\r\n');
			wire.close();
		});

		it('can be restarted, and closed, while it is paused', async () => {
			const redis = await start({prefer});
			const first = pidOf(redis);
			redis.pause();
			await redis.restart();
			expect(isAlive(first)).toBe(false);
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
			const second = pidOf(redis);
			redis.pause();
			await redis.close();
			expect(isAlive(second)).toBe(false);
		});

		it('is gone after close, which may be called twice', async () => {
			const redis = await start({prefer});
			const pid = pidOf(redis);
			const guard = parentOf(pid);
			await Promise.all([redis.close(), redis.close()]);
			await redis.close();
			expect(isAlive(pid)).toBe(false);
			expect(isAlive(guard)).toBe(false);
			expect(redis.pid).toBeUndefined();
			await expect(redis.restart()).rejects.toMatchObject({code: 'ERR_CLOSED'});
			await expect(redis.kill()).rejects.toMatchObject({code: 'ERR_CLOSED'});
			redis.pause();
			redis.resume();
		});

		it('tells when it ended by itself, and only then', async () => {
			const redis = await start({prefer});
			const reasons: string[] = [];
			redis.onExit((reason) => reasons.push(reason));
			await redis.kill();
			await redis.restart();
			await redis.restart();
			expect(reasons).toEqual([]);
			process.kill(pidOf(redis), 'SIGKILL');
			await until(() => reasons.length > 0, 'the end to be told');
			expect(reasons).toEqual([`${name} was ended by SIGKILL`]);
			expect(redis.pid).toBeUndefined();
			await redis.restart();
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
			await redis.close();
			expect(reasons).toHaveLength(1);
		});

		it('tells when it was shut down by a client', async () => {
			const redis = await start({prefer});
			const reasons: string[] = [];
			const stop = redis.onExit((reason) => reasons.push(reason));
			redis.onExit((reason) => reasons.push(reason));
			stop();
			const wire = await RawConnection.open(redis.port);
			wire.send(['SHUTDOWN', 'NOSAVE']);
			await until(() => reasons.length > 0, 'the end to be told');
			expect(reasons).toHaveLength(1);
			expect(reasons[0]).toContain(`${name} ended with code 0`);
		});

		it('goes down with its guard, and comes back with another', async () => {
			const redis = await start({prefer});
			const reasons: string[] = [];
			redis.onExit((reason) => reasons.push(reason));
			const pid = pidOf(redis);
			redis.pause();
			process.kill(parentOf(pid), 'SIGKILL');
			await until(() => reasons.length > 0 && !isAlive(pid), 'the server to end');
			expect(reasons).toEqual([`${name} its guard process ended (SIGKILL)`]);
			const {port} = redis;
			await redis.restart();
			expect(redis.port).toBe(port);
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
		});

		it('says so when its port was taken meanwhile, and comes back when it is free', async () => {
			// It tries until the time to start is over; the built-in server needs some of it to find out.
			const redis = await start({prefer, startMs: prefer === 'binary' ? 800 : 4000});
			await redis.kill();
			const squatter = createServer().listen(redis.port, '127.0.0.1');
			await expect(redis.restart()).rejects.toMatchObject({
				code: 'ERR_PRIVATE_REDIS_START',
				message: expect.stringMatching(/address already in use/i),
			});
			const back = redis.restart();
			squatter.close();
			await back;
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
		});

		it('settles a restart that close overtakes', async () => {
			const redis = await start({prefer});
			const restart = redis.restart();
			await redis.close();
			await expect(restart).rejects.toMatchObject({code: 'ERR_CLOSED'});
		});

		it('leaves no process behind when close overtakes a restart that needs another guard', async () => {
			const before = childrenOf(process.pid);
			for (const turns of [1, 2]) {
				const redis = await start({prefer});
				const guard = parentOf(pidOf(redis));
				process.kill(guard, 'SIGKILL');
				await until(() => redis.pid === undefined, 'it to notice');
				const restart = redis.restart();
				restart.catch(() => {});
				for (let turn = 0; turn < turns; turn++) await Promise.resolve();
				await redis.close();
				await expect(restart).rejects.toMatchObject({code: 'ERR_CLOSED'});
			}
			expect(childrenOf(process.pid)).toEqual(before);
		});
	});
}

describe.skipIf(realRedisVersion === undefined)('a private redis-server', () => {
	it('keeps to a directory of its own, which is removed with it', async () => {
		const redis = await start({prefer: 'binary'});
		const directory = await directoryOf(redis);
		expect(existsSync(directory)).toBe(true);
		await redis.restart();
		expect(await directoryOf(redis)).toBe(directory);
		await redis.close();
		expect(existsSync(directory)).toBe(false);
	});

	it('removes the directory when its guard is killed', async () => {
		const redis = await start({prefer: 'binary'});
		const directory = await directoryOf(redis);
		process.kill(parentOf(pidOf(redis)), 'SIGKILL');
		await until(() => !existsSync(directory), 'the directory to be removed');
	});

	it('takes further arguments', async () => {
		const redis = await start({prefer: 'binary', args: ['--maxmemory', '5mb']});
		expect(await ask(redis, 'CONFIG', 'GET', 'maxmemory')).toContain('5242880');
	});

	it('asks nothing of a server that wants a password but that it answers', async () => {
		const redis = await start({prefer: 'binary', args: ['--requirepass', 'secret']});
		expect(await ask(redis, 'PING')).toBe('-NOAUTH Authentication required.\r\n');
	});

	it('says in its own words why it could not start', async () => {
		await expect(startPrivateRedis({prefer: 'binary', args: ['--no-such-option', 'x']})).rejects.toMatchObject({
			code: 'ERR_PRIVATE_REDIS_START',
			message: expect.stringContaining('Bad directive'),
		});
	});
});
