import {execFile} from 'node:child_process';
import {connect} from 'node:net';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {patienceMs, until} from '../support/until.js';

const run = promisify(execFile);

describe('the built-in server', () => {
	let redis: PrivateRedis;
	const wires: RawConnection[] = [];

	beforeAll(async () => {
		redis = await startPrivateRedis({prefer: 'built-in'});
	});

	afterAll(async () => {
		for (const wire of wires) wire.close();
		await redis?.close();
	});

	async function open(resp: 2 | 3 = 2): Promise<RawConnection> {
		const wire = await RawConnection.open(redis, resp);
		wires.push(wire);
		return wire;
	}

	const info = async (wire: RawConnection, name: string) =>
		Number(new RegExp(`\\b${name}:(\\d+)`).exec((await wire.call(['INFO'])).text)?.[1]);

	it('identifies itself in INFO', async () => {
		const wire = await open();
		const {text} = await wire.call(['INFO', 'server']);
		expect(text).toContain('server_name:redis-cache-tui built-in server\r\n');
		expect(text).toMatch(/redis_version:7\.0\.15\r\n/);
	});

	it('removes expired keys that nobody accesses, counts them and sends invalidations', async () => {
		const wire = await open();
		const tracker = await open(3);
		await tracker.call(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'brief:']);
		for (let index = 0; index < 200; index++) await wire.call(['SET', `brief:${index}`, 'v', 'PX', '1']);
		await until(async () => (await wire.call(['DBSIZE'])).text === ':0\r\n', 'the keys to be dropped');
		expect(await info(wire, 'expired_keys')).toBe(200);
		expect(await tracker.collect()).toContain('brief:199');
	});

	it.each(['another client', 'itself'])(
		'redirects invalidations to a subscriber that speaks RESP2: %s',
		async (who) => {
			const subscriber = await open();
			const id = (await subscriber.call(['CLIENT', 'ID'])).text.slice(1, -2);
			const reader = who === 'itself' ? subscriber : await open();
			await reader.call(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', 'user:', 'REDIRECT', id]);
			await subscriber.call(['SUBSCRIBE', '__redis__:invalidate']);
			const writer = await open();
			await writer.call(['SET', 'user:1', 'a']);
			const header = '*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n';
			expect((await subscriber.nextReply()).text).toBe(`${header}*1\r\n$6\r\nuser:1\r\n`);
			await writer.call(['FLUSHALL']);
			expect((await subscriber.nextReply()).text).toBe(`${header}$-1\r\n`);
			subscriber.close();
			if (reader === subscriber) return;
			await until(async () => {
				await writer.call(['SET', 'user:1', 'b']);
				return (await reader.call(['CLIENT', 'TRACKINGINFO'])).text.includes('broken_redirect');
			}, 'the redirection to be known as broken');
		},
	);

	it('disconnects clients that are idle for longer than `timeout`, and no subscribers', async () => {
		const admin = await open();
		const idle = await open();
		const subscriber = await open();
		await subscriber.call(['SUBSCRIBE', 'channel']);
		await admin.call(['CONFIG', 'SET', 'timeout', '1']);
		const busy = setInterval(() => admin.send(['PING']), 100);
		expect(await idle.untilClosed()).toBe('');
		clearInterval(busy);
		await admin.call(['CONFIG', 'SET', 'timeout', '0']);
		expect(subscriber.ended()).toBeUndefined();
	});

	it('refuses to send keyspace notifications, which it does not have', async () => {
		const wire = await open();
		expect((await wire.call(['CONFIG', 'SET', 'notify-keyspace-events', 'KEA'])).text).toBe(
			"-ERR CONFIG SET failed (possibly related to argument 'notify-keyspace-events') - the built-in server has no keyspace notifications\r\n",
		);
	});

	it('counts hits, misses, commands and clients', async () => {
		const wire = await open();
		await wire.call(['CONFIG', 'RESETSTAT']);
		const clients = await info(wire, 'connected_clients');
		await wire.call(['SET', 'k', 'v']);
		for (let index = 0; index < 5; index++) await wire.call(['GET', 'k']);
		for (let index = 0; index < 3; index++) await wire.call(['GET', 'none']);
		await wire.call(['NOSUCH']);
		expect(await info(wire, 'keyspace_hits')).toBe(5);
		expect(await info(wire, 'keyspace_misses')).toBe(3);
		expect(await info(wire, 'total_error_replies')).toBe(1);
		const {text} = await wire.call(['INFO', 'commandstats']);
		expect(text).toMatch(/cmdstat_get:calls=8,usec=\d+,usec_per_call=[\d.]+,rejected_calls=0,failed_calls=0\r\n/);
		const another = await open();
		await another.call(['PING']);
		expect(await info(wire, 'connected_clients')).toBe(clients + 1);
		another.close();
		await until(async () => (await info(wire, 'connected_clients')) === clients, 'the client to be gone');
	});

	it('reports operations per second', async () => {
		const wire = await open();
		await until(async () => {
			for (let index = 0; index < 50; index++) wire.send(['PING']);
			for (let index = 0; index < 50; index++) await wire.nextReply();
			return (await info(wire, 'instantaneous_ops_per_sec')) > 100;
		}, 'more than 100 ops per second');
	});

	it('keeps a slow log', async () => {
		const wire = await open();
		await wire.call(['CONFIG', 'SET', 'slowlog-log-slower-than', '1000']);
		await wire.call(['DEBUG', 'SLEEP', '0.02']);
		const {items} = await wire.call(['SLOWLOG', 'GET']);
		const [, , took, words] = items[0]?.items ?? [];
		expect(Number(took?.text.slice(1))).toBeGreaterThanOrEqual(20_000);
		expect(words?.text).toBe('*3\r\n$5\r\nDEBUG\r\n$5\r\nSLEEP\r\n$4\r\n0.02\r\n');
	});

	it('ends an endless script, and keeps working', async () => {
		const wire = await open();
		const answer = wire.call(['EVAL', 'while true do end', '0']);
		await expect(answer).resolves.toMatchObject({
			text: expect.stringMatching(/^-ERR The script was ended after \d+ steps/),
		});
		expect((await wire.call(['EVAL', 'return 5', '0'])).text).toBe(':5\r\n');
	});

	it('replies in order to commands that were pipelined during a pause', async () => {
		const wire = await open();
		await wire.call(['CLIENT', 'PAUSE', '50', 'WRITE']);
		wire.send(['SET', 'paused', '1']);
		wire.send(['INCR', 'paused']);
		wire.send(['GET', 'paused']);
		expect((await wire.nextReply()).text).toBe('+OK\r\n');
		expect((await wire.nextReply()).text).toBe(':2\r\n');
		expect((await wire.nextReply()).text).toBe('$1\r\n2\r\n');
	});

	it('replies to a pipeline with one write', async () => {
		const wire = await open();
		const before = await info(wire, 'total_writes_processed');
		wire.send('*1\r\n$4\r\nPING\r\n'.repeat(500));
		for (let index = 0; index < 500; index++) await wire.nextReply();
		expect((await info(wire, 'total_writes_processed')) - before).toBeLessThanOrEqual(3);
	});

	it('stores and returns large values', async () => {
		const wire = await open();
		const value = 'x\0\xff'.repeat(2_000_000);
		await wire.call(['SET', 'large', value]);
		expect((await wire.call(['GET', 'large'])).text === `$${value.length}\r\n${value}\r\n`).toBe(true);
		await wire.call(['DEL', 'large']);
	});

	it('survives requests for more than a string can hold, in one reply or in a pipeline', async () => {
		const wire = await open();
		const tooLong = '-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n';
		expect((await wire.call(['SETRANGE', 'long', '536870911', 'x'])).text).toBe(tooLong);
		expect((await wire.call(['SETBIT', 'long', '4294967295', '1'])).text).toBe(tooLong);
		const megabyte = 'x'.repeat(1024 * 1024);
		await wire.call(['SET', 'megabyte', megabyte]);
		expect((await wire.call(['MGET', ...new Array<string>(600).fill('megabyte')])).text).toMatch(/^-ERR .*too large/);
		const reader = connect(redis.port, '127.0.0.1');
		let bytes = 0;
		let pid = redis.pid;
		reader.on('error', () => {});
		reader.on('data', (chunk) => {
			bytes += chunk.length;
		});
		redis.onExit(() => {
			pid = undefined;
		});
		reader.write(`AUTH ${new URL(redis.url).password}\r\n${'GET megabyte\r\n'.repeat(600)}`);
		const expected = '+OK\r\n'.length + 600 * (`$${megabyte.length}\r\n`.length + megabyte.length + 2);
		await until(() => bytes === expected || pid === undefined, 'all answers', {timeoutMs: 2 * patienceMs});
		reader.destroy();
		expect(redis.pid).toBe(pid);
		await wire.call(['DEL', 'megabyte']);
	});

	it('does not run further commands of a client that does not read its replies', async () => {
		const idle = await open();
		const wire = await open();
		await wire.call(['SET', 'megabyte', 'x'.repeat(1024 * 1024)]);
		idle.socket.pause();
		const before = await info(wire, 'total_net_output_bytes');
		idle.send('GET megabyte\r\n'.repeat(200));
		await until(async () => (await info(wire, 'total_net_output_bytes')) - before > 1024 * 1024, 'the first answer');
		expect((await info(wire, 'total_net_output_bytes')) - before).toBeLessThan(50 * 1024 * 1024);
		await wire.call(['DEL', 'megabyte']);
	});

	it('disconnects a subscriber that does not read its messages', async () => {
		const idle = await open();
		await idle.call(['SUBSCRIBE', 'flood']);
		idle.socket.pause();
		const wire = await open();
		const message = 'x'.repeat(1024 * 1024);
		await until(async () => (await wire.call(['PUBLISH', 'flood', message])).text === ':0\r\n', 'it to be cut off');
	});

	it('forgets a client that disconnects while it is blocked', async () => {
		const wire = await open();
		const blocked = await open();
		blocked.send(['BLPOP', 'never', '0']);
		await until(async () => (await info(wire, 'blocked_clients')) === 1, 'it to be blocked');
		blocked.close();
		await until(async () => (await info(wire, 'blocked_clients')) === 0, 'it to be forgotten');
		await wire.call(['RPUSH', 'never', 'x']);
		expect((await wire.call(['LLEN', 'never'])).text).toBe(':1\r\n');
	});

	it('kills clients on request', async () => {
		const wire = await open();
		const victim = await open();
		const id = (await victim.call(['CLIENT', 'ID'])).text.slice(1, -2);
		expect((await wire.call(['CLIENT', 'KILL', 'ID', id])).text).toBe(':1\r\n');
		expect(await victim.untilClosed()).toBe('');
	});

	describe.skipIf(realRedisVersion === undefined)('serves the tools of Redis:', () => {
		it('redis-cli, also interactively', async () => {
			const {url} = redis;
			expect((await run('redis-cli', ['-u', url, 'ECHO', 'hello'])).stdout).toBe('hello\n');
			expect((await run('redis-cli', ['-3', '-u', url, 'COMMAND', 'DOCS', 'get'])).stdout).toContain('string');
			const bigKeys = await run('redis-cli', ['-u', url, '--bigkeys']);
			expect(bigKeys.stdout).toContain('summary');
			// It asks for COMMAND DOCS when it believes that somebody types.
			const typed = run('redis-cli', ['-u', url], {env: {...process.env, FAKETTY: '1', TERM: 'dumb'}});
			typed.child.stdin?.end('SET typed 1\nGET typed\nquit\n');
			expect((await typed).stdout).toContain('"1"');
			const wire = await open();
			expect((await wire.call(['INFO', 'commandstats'])).text).toMatch(/cmdstat_command\|docs:calls=2,/);
		});

		it('redis-benchmark', async () => {
			const tests = 'ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,lrange_100,mset';
			const login = ['-p', String(redis.port), '-a', new URL(redis.url).password];
			const args = [...login, '-t', tests, '-n', '2000', '-c', '20', '-P', '16', '--csv'];
			const {stdout} = await run('redis-benchmark', args, {timeout: 25_000});
			expect(stdout).toContain('"MSET (10 keys)"');
		});
	});
});
