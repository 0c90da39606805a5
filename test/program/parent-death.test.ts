import {readdirSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {describe, expect, it} from 'vitest';
import {isAlive, parentOf} from '../support/processes.js';
import {RawConnection} from '../support/raw-connection.js';
import {realRedisVersion} from '../support/real-redis.js';
import {until} from '../support/until.js';
import {startOutsider} from './outsider.js';

const kinds = [
	{prefer: 'binary', absent: realRedisVersion === undefined},
	{prefer: 'built-in', absent: false},
] as const;

const keepAlive = 'setInterval(() => {}, 1000);';

for (const {prefer, absent} of kinds) {
	describe.skipIf(absent)(`a private Redis (${prefer}) ends with its program`, {concurrent: true}, () => {
		const ways = {
			running: keepAlive,
			paused: `${keepAlive} redis.pause();`,
			restarted: `${keepAlive} await redis.restart();`,
			'restarted while paused': `${keepAlive} redis.pause(); await redis.restart(); redis.pause();`,
			'restarted after a kill': `${keepAlive} await redis.kill(); await redis.restart();`,
		};

		for (const [state, then] of Object.entries(ways)) {
			it(`when SIGKILL ends the program, with the server ${state}`, async (context) => {
				const {child, server, temporary, ended} = await startOutsider(context, prefer, then);
				const guard = parentOf(server.pid);
				expect(readdirSync(temporary)).toHaveLength(prefer === 'binary' ? 1 : 0);
				child.kill('SIGKILL');
				await ended;
				await until(() => !isAlive(server.pid) && !isAlive(guard), 'server and guard to end');
				expect(readdirSync(temporary)).toEqual([]);
				await expect(RawConnection.open(server)).rejects.toThrow('ECONNREFUSED');
			});
		}

		it('when the whole process group of the program is killed', async (context) => {
			const {child, server, ended} = await startOutsider(context, prefer, keepAlive);
			process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
			await ended;
			await until(() => !isAlive(server.pid), 'the server to end');
		});

		it('when the program ends without closing it, which it does not keep from ending', async (context) => {
			const {child, server, ended} = await startOutsider(context, prefer);
			await ended;
			expect(child.exitCode).toBe(0);
			await until(() => !isAlive(server.pid), 'the server to end');
		});

		it('when the program crashes', async (context) => {
			const {server, ended} = await startOutsider(context, prefer, 'setTimeout(() => process.abort(), 50);');
			await ended;
			await until(() => !isAlive(server.pid), 'the server to end');
		});

		it('but survives a Ctrl-C that the program survives', async (context) => {
			const {child, server, ended} = await startOutsider(
				context,
				prefer,
				`${keepAlive} process.on('SIGINT', () => {});`,
			);
			process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
			const wire = await RawConnection.open(server);
			expect((await wire.call(['PING'])).text).toBe('+PONG\r\n');
			wire.close();
			child.kill('SIGKILL');
			await ended;
			await until(() => !isAlive(server.pid), 'the server to end');
		});

		it('when the worker thread that started it is terminated', async () => {
			const entry = new URL('../../dist/program/start-private-redis.js', import.meta.url).href;
			const worker = new Worker(
				`import(${JSON.stringify(entry)}).then(async ({startPrivateRedis}) => {
					const redis = await startPrivateRedis({prefer: ${JSON.stringify(prefer)}});
					require('node:worker_threads').parentPort.postMessage(redis.pid);
					setInterval(() => {}, 1000);
				});`,
				{eval: true},
			);
			const pid = await new Promise<number>((resolve, reject) => {
				worker.once('message', resolve);
				worker.once('error', reject);
			});
			expect(isAlive(pid)).toBe(true);
			await worker.terminate();
			await until(() => !isAlive(pid), 'the server to end');
		});
	});
}
