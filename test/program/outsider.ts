import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestContext} from 'vitest';

const entry = new URL('../../dist/program/start-private-redis.js', import.meta.url).href;

export type Outsider = {
	readonly child: ChildProcess;
	/** The server that it started. */
	readonly server: {readonly pid: number; readonly port: number; readonly url: string};
	/** Its own folder for temporary files. */
	readonly temporary: string;
	/** Resolves when the program has ended. */
	readonly ended: Promise<unknown>;
};

/**
 * Starts another program, in a process group of its own, that starts a private Redis and runs some code. It ends with
 * the test.
 *
 * @param then Code that the program runs; the server is `redis`.
 */
export async function startOutsider(
	{onTestFinished}: Pick<TestContext, 'onTestFinished'>,
	prefer: 'binary' | 'built-in',
	then = '',
): Promise<Outsider> {
	const source = `
		const {startPrivateRedis} = await import(${JSON.stringify(entry)});
		const redis = await startPrivateRedis({prefer: ${JSON.stringify(prefer)}});
		${then}
		console.log(JSON.stringify({pid: redis.pid, port: redis.port, url: redis.url}));
	`;
	const temporary = await mkdtemp(join(tmpdir(), 'rct-outsider-'));
	const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
		stdio: ['ignore', 'pipe', 'inherit'],
		detached: true,
		env: {...process.env, TMPDIR: temporary},
	});
	const ended = once(child, 'close');
	onTestFinished(async () => {
		child.kill('SIGKILL');
		await rm(temporary, {recursive: true, force: true});
	});
	child.stdout.setEncoding('utf8');
	const [line] = await Promise.race([
		once(child.stdout, 'data'),
		ended.then(() => {
			throw new Error('the other program ended before it printed its server');
		}),
	]);
	return {child, server: JSON.parse(String(line)), temporary, ended};
}
