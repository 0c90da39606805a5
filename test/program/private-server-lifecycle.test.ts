import {once} from 'node:events';
import {existsSync, readFileSync, statSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it, type TestContext} from 'vitest';
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

type Context = Pick<TestContext, 'onTestFinished'>;

/** Starts a private Redis that is closed when the test is over. Tests of this file run concurrently. */
async function start({onTestFinished}: Context, options: PrivateRedisOptions): Promise<PrivateRedis> {
	const redis = await startPrivateRedis(options);
	onTestFinished(() => redis.close());
	return redis;
}

async function ask(redis: PrivateRedis, ...words: string[]): Promise<string> {
	const wire = await RawConnection.open(redis);
	const frame = await wire.call(words);
	wire.close();
	return frame.text;
}

const passwordOf = ({url}: PrivateRedis): string => new URL(url).password;

const pidOf = (redis: PrivateRedis): number => {
	if (redis.pid === undefined) throw new Error('it does not run');
	return redis.pid;
};

const directoryOf = async (redis: PrivateRedis): Promise<string> =>
	/(\/\S+)\r\n$/.exec(await ask(redis, 'CONFIG', 'GET', 'dir'))?.[1] ?? '';

for (const {prefer, name, kind, absent} of kinds) {
	describe.skipIf(absent)(`a private Redis (${name})`, {concurrent: true}, () => {
		it('replies to commands, and has name, kind and version', async (context) => {
			const redis = await start(context, {prefer});
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
			expect(redis).toMatchObject({kind, name, host: '127.0.0.1'});
			expect(redis.version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
			expect(await ask(redis, 'INFO', 'server')).toContain(`process_id:${redis.pid}\r\n`);
		});

		it('wants a random password that only this program knows, also after a restart', async (context) => {
			const redis = await start(context, {prefer});
			const other = await start(context, {prefer});
			const password = passwordOf(redis);
			expect(password).toMatch(/^[\w-]{24}$/);
			expect(passwordOf(other)).not.toBe(password);
			const stranger = await RawConnection.open(redis.port);
			expect((await stranger.call(['GET', 'key'])).text).toBe('-NOAUTH Authentication required.\r\n');
			expect((await stranger.call(['AUTH', passwordOf(other)])).text).toMatch(/^-WRONGPASS /);
			stranger.close();
			await redis.restart();
			expect(passwordOf(redis)).toBe(password);
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
			const anybodyElse = await RawConnection.open(redis.port);
			expect((await anybodyElse.call(['PING'])).text).toMatch(/^-NOAUTH /);
			anybodyElse.close();
		});

		it('shows its password neither in the list of processes nor in a file that others can read', async (context) => {
			const redis = await start(context, {prefer});
			for (const pid of [pidOf(redis), parentOf(pidOf(redis))]) {
				const shown = readFileSync(`/proc/${pid}/cmdline`, 'latin1') + readFileSync(`/proc/${pid}/environ`, 'latin1');
				expect(shown).not.toBe('');
				expect(shown).not.toContain(passwordOf(redis));
			}
			if (prefer === 'binary') {
				const file = join(await directoryOf(redis), 'redis.conf');
				expect(readFileSync(file, 'utf8')).toBe(`requirepass "${passwordOf(redis)}"\n`);
				expect(statSync(file).mode & 0o777).toBe(0o600);
			}
		});

		it('wants no password, or a given one, on request', async (context) => {
			const open = await start(context, {prefer, password: ''});
			expect(open.url).toBe(`redis://127.0.0.1:${open.port}`);
			expect(await ask(open, 'CONFIG', 'GET', 'requirepass')).toBe('*2\r\n$11\r\nrequirepass\r\n$0\r\n\r\n');
			const given = await start(context, {prefer, password: 's3cret'});
			expect(given.url).toBe(`redis://default:s3cret@127.0.0.1:${given.port}`);
			expect(await ask(given, 'PING')).toBe('+PONG\r\n');
		});

		it('can be killed, and restarted on the same port without its data', async (context) => {
			const redis = await start(context, {prefer});
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

		it('is empty after a restart, even after SAVE', async (context) => {
			const redis = await start(context, {prefer});
			await ask(redis, 'SET', 'key', 'value');
			await ask(redis, 'SAVE');
			await redis.restart();
			expect(await ask(redis, 'DBSIZE')).toBe(':0\r\n');
		});

		it('replies only after a pause to what was sent during it', async (context) => {
			const redis = await start(context, {prefer});
			const wire = await RawConnection.open(redis);
			redis.pause();
			wire.send(['PING']);
			let answered = false;
			const answer = wire.nextReply().then((frame) => {
				answered = true;
				return frame.text;
			});
			// Another server replies meanwhile, which takes long enough.
			await ask(await start(context, {prefer}), 'PING');
			expect(answered).toBe(false);
			redis.resume();
			expect(await answer).toBe('+PONG\r\n');
			wire.close();
		});

		it('can be restarted and closed while it is paused', async (context) => {
			const redis = await start(context, {prefer});
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

		it('leaves no process after close, which may be called twice', async (context) => {
			const redis = await start(context, {prefer});
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

		it('reports its end only if nobody requested it', async (context) => {
			const redis = await start(context, {prefer});
			const reasons: string[] = [];
			redis.onExit((reason) => reasons.push(reason));
			await redis.kill();
			await redis.restart();
			await redis.restart();
			expect(reasons).toEqual([]);
			process.kill(pidOf(redis), 'SIGKILL');
			await until(() => reasons.length > 0, 'the report of its end');
			expect(reasons).toEqual([`${name} was ended by SIGKILL`]);
			expect(redis.pid).toBeUndefined();
			await redis.restart();
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
			await redis.close();
			expect(reasons).toHaveLength(1);
		});

		it('reports that a client has shut it down', async (context) => {
			const redis = await start(context, {prefer});
			const reasons: string[] = [];
			const stop = redis.onExit((reason) => reasons.push(reason));
			redis.onExit((reason) => reasons.push(reason));
			stop();
			const wire = await RawConnection.open(redis);
			wire.send(['SHUTDOWN', 'NOSAVE']);
			await until(() => reasons.length > 0, 'the report of its end');
			expect(reasons).toHaveLength(1);
			expect(reasons[0]).toContain(`${name} ended with code 0`);
		});

		it('ends with its guard, and restarts with a new one', async (context) => {
			const redis = await start(context, {prefer});
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

		it('fails to restart while another program uses its port, and restarts when the port is free', async (context) => {
			// It retries until its start time is over, of which the built-in server needs some to notice the used port.
			const redis = await start(context, {prefer, startMs: prefer === 'binary' ? 800 : 4000});
			await redis.kill();
			const squatter = createServer().listen(redis.port, '127.0.0.1');
			await once(squatter, 'listening');
			await expect(redis.restart()).rejects.toMatchObject({
				code: 'ERR_PRIVATE_REDIS_START',
				message: expect.stringMatching(/address already in use/i),
			});
			const back = redis.restart();
			squatter.close();
			await back;
			expect(await ask(redis, 'PING')).toBe('+PONG\r\n');
		});

		it('rejects a restart that is overtaken by close', async (context) => {
			const redis = await start(context, {prefer});
			const restart = redis.restart();
			await redis.close();
			await expect(restart).rejects.toMatchObject({code: 'ERR_CLOSED'});
		});
	});

	describe.skipIf(absent)(`a private Redis (${name}), alone in its process,`, () => {
		it('leaves no process behind when close overtakes a restart with a new guard', async (context) => {
			const before = childrenOf(process.pid);
			for (const turns of [1, 2]) {
				const redis = await start(context, {prefer});
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

describe.skipIf(realRedisVersion === undefined)('a private redis-server', {concurrent: true}, () => {
	it('has a directory of its own, which is removed when it is closed', async (context) => {
		const redis = await start(context, {prefer: 'binary'});
		const directory = await directoryOf(redis);
		expect(existsSync(directory)).toBe(true);
		await redis.restart();
		expect(await directoryOf(redis)).toBe(directory);
		await redis.close();
		expect(existsSync(directory)).toBe(false);
	});

	it('has its directory removed even if its guard is killed', async (context) => {
		const redis = await start(context, {prefer: 'binary'});
		const directory = await directoryOf(redis);
		process.kill(parentOf(pidOf(redis)), 'SIGKILL');
		await until(() => !existsSync(directory), 'the directory to be removed');
	});

	it('accepts further arguments', async (context) => {
		const redis = await start(context, {prefer: 'binary', args: ['--maxmemory', '5mb']});
		expect(await ask(redis, 'CONFIG', 'GET', 'maxmemory')).toContain('5242880');
	});

	it('fails to start with the error that the server printed', async () => {
		await expect(startPrivateRedis({prefer: 'binary', args: ['--no-such-option', 'x']})).rejects.toMatchObject({
			code: 'ERR_PRIVATE_REDIS_START',
			message: expect.stringContaining('Bad directive'),
		});
	});
});
