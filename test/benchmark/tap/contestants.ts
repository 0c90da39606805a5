import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {programPath} from '../../support/program.js';
import {freePort, type RedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';
import {steadyLoad} from './steady-load.js';

/** A proxy in front of the server, in a process of its own. */
export type Contestant = {readonly port: number; readonly pid: number};

type Contestants = {
	readonly bare: Contestant;
	readonly tap: Contestant;
	/** These two, and HAProxy if it is installed, in this order. */
	readonly all: readonly Contestant[];
	close(): void;
};

/** Starts a bare proxy, the tap, and HAProxy if it is installed, in front of a server. */
export async function startContestants(redis: RedisProcess): Promise<Contestants> {
	const children: ChildProcess[] = [];
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-benchmark-'));
	const start = async (port: number, command: string, args: readonly string[]): Promise<Contestant> => {
		const child = spawn(command, args, {stdio: ['pipe', 'ignore', 'ignore']});
		children.push(child);
		await until(() => answers(port), `a proxy to answer on port ${port}`, {timeoutMs: 30_000});
		return {port, pid: child.pid ?? 0};
	};
	const close = () => {
		for (const child of children) child.kill('SIGTERM');
		rmSync(folder, {recursive: true, force: true});
	};
	try {
		const [barePort, tapPort, haproxyPort] = [await freePort(), await freePort(), await freePort()];
		const script = fileURLToPath(new URL('bare-proxy.ts', import.meta.url));
		const bareArgs = ['--import', 'tsx', script, String(barePort), String(redis.port)];
		const bare = await start(barePort, process.execPath, bareArgs);
		const tapArgs = [programPath, 'tap', '--url', redis.url, '--listen', `127.0.0.1:${tapPort}`];
		const tap = await start(tapPort, process.execPath, tapArgs);
		const all = [bare, tap];
		if (spawnSync('haproxy', ['-v']).status === 0) {
			const file = join(folder, 'haproxy.cfg');
			writeFileSync(file, haproxySettings(haproxyPort, redis.port));
			all.push(await start(haproxyPort, 'haproxy', ['-db', '-f', file]));
		}
		return {bare, tap, all, close};
	} catch (error) {
		close();
		throw error;
	}
}

/** One thread, as the others have. */
const haproxySettings = (port: number, target: number): string => `
global
	nbthread 1
defaults
	mode tcp
	timeout connect 5s
	timeout client 1m
	timeout server 1m
listen redis
	bind 127.0.0.1:${port}
	server redis 127.0.0.1:${target}
`;

async function answers(port: number): Promise<boolean> {
	return steadyLoad(port, 100, 0.05).then(
		(median) => !Number.isNaN(median),
		() => false,
	);
}
