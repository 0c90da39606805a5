import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {describe, expect, it} from 'vitest';
import {RawConnection} from '../support/raw-connection.js';
import {request} from '../support/resp.js';
import {languages} from './support/languages.js';
import {startTappedRedis} from './support/tapped-redis.js';

const run = promisify(execFile);
const node = {command: [process.execPath], packages: '', isMissing: false};

/** Each writes everything that it gets from Redis on standard output, as far as it does not depend on time or chance. */
const applications = [
	{
		file: 'ioredis.mjs',
		language: node,
		client: 'ioredis',
		commands: ['BLPOP', 'EVALSHA', 'SUBSCRIBE', 'MULTI', 'XREAD'],
	},
	{
		file: 'node-redis.mjs',
		language: node,
		client: 'node-redis',
		commands: ['CLIENT TRACKING', 'PSUBSCRIBE', 'BLPOP', 'WATCH'],
	},
	{file: 'bullmq.mjs', language: node, client: 'bullmq', commands: ['EVALSHA', 'BZPOPMIN', 'XREAD']},
	{file: 'redis-py.py', language: languages.python, client: 'redis-py', commands: ['MULTI', 'EVALSHA', 'PSUBSCRIBE']},
	{file: 'php-redis.php', language: languages.php, client: 'phpredis', commands: ['SETEX', 'MULTI', 'EVAL', 'SCAN']},
	{file: 'redis-rb.rb', language: languages.ruby, client: 'redis-rb', commands: ['SETEX', 'MULTI', 'SUBSCRIBE']},
];

const redisUrl = (port: number) => `redis://127.0.0.1:${port}`;

async function forgetEverything(port: number): Promise<void> {
	const connection = await RawConnection.open(port);
	await connection.ask(request('FLUSHALL'), '+OK\r\n');
	await connection.ask(request('SCRIPT', 'FLUSH'), '+OK\r\n');
	connection.close();
}

describe.concurrent('an application does not notice the tap', () => {
	const timeout = 120_000;

	for (const {file, language, client, commands} of applications) {
		it.skipIf(language.isMissing)(`${file} gets the same replies`, {timeout}, async ({onTestFinished}) => {
			const redis = await startTappedRedis();
			onTestFinished(() => redis.close());
			const [command = '', ...words] = language.command;
			const program = fileURLToPath(new URL(`programs/${file}`, import.meta.url));
			const outputOn = async (port: number) =>
				(await run(command, [...words, program, redisUrl(port)], {timeout, maxBuffer: 1e7})).stdout;
			const direct = await outputOn(redis.port);
			expect(direct.split('\n').length).toBeGreaterThan(5);
			await forgetEverything(redis.port);
			expect(await outputOn(redis.tapPort)).toBe(direct);

			const report = await redis.report();
			expect(report.connections).toMatchObject({open: 0, unreadable: 0, refusedLogins: 0});
			expect(report.connections.clients).toContainEqual(expect.objectContaining({name: client}));
			expect(report.commands.byName.map(({name}) => name)).toEqual(expect.arrayContaining(commands));
		});
	}

	it.skipIf(languages['redis-benchmark'].isMissing)(
		'redis-benchmark loses no command',
		{timeout},
		async ({onTestFinished}) => {
			const redis = await startTappedRedis();
			onTestFinished(() => redis.close());
			const [command = ''] = languages['redis-benchmark'].command;
			const calls = 2000;
			const settings = ['-n', `${calls}`, '-c', '20', '-r', '1000', '--csv'];
			const namesOf = async (port: number, pipeline: number) => {
				const {stdout} = await run(command, ['-p', `${port}`, '-P', `${pipeline}`, ...settings], {timeout});
				return stdout.match(/^"[^"]+"/gm);
			};
			const names = await namesOf(redis.port, 16);
			expect(names?.length).toBeGreaterThan(15);
			for (const pipeline of [1, 16]) expect(await namesOf(redis.tapPort, pipeline)).toEqual(names);
			const {commands, connections, errors} = await redis.report();
			expect(errors).toEqual({});
			expect(connections).toMatchObject({unreadable: 0, peak: expect.any(Number)});
			expect(commands.lost).toBe(0);
			for (const name of ['SET', 'GET', 'INCR', 'MSET', 'SPOP', 'LPUSH', 'LRANGE']) {
				const {count = 0} = commands.byName.find((each) => each.name === name) ?? {};
				expect({name, isComplete: count >= 2 * calls}).toEqual({name, isComplete: true});
			}
		},
	);
});
