import {type ChildProcess, spawn} from 'node:child_process';
import {rmSync} from 'node:fs';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {type AddressInfo, createConnection, createServer, type NetConnectOpts} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {launchOfBuiltIn} from '../../source/embedded/launch.js';
import {realRedisVersion} from './real-redis.js';
import {until} from './until.js';

export type RedisProcess = {
	readonly host: '127.0.0.1';
	readonly port: number;
	readonly url: string;
	/** Its own temporary directory. */
	readonly directory: string;
	readonly pid: number;
	/** Sends SIGSTOP. */
	pause(): void;
	/** Sends SIGCONT. */
	resume(): void;
	/** Sends SIGKILL. The server stays down until `start`. */
	kill(): Promise<void>;
	/** Starts it again on the same port, with an empty data set. */
	start(): Promise<void>;
	close(): Promise<void>;
};

export type RedisProcessOptions = {
	/** Further arguments; `{directory}` is replaced by the temporary directory. */
	readonly args?: readonly string[];
	/** Called with the directory before the server starts. */
	readonly prepare?: (directory: string) => Promise<void>;
	/** Path of a Unix socket on which the server listens, instead of a port. */
	readonly path?: string;
	/** True: startup only waits for an open connection, since a server with TLS or a password does not answer PING. */
	readonly connectOnly?: boolean;
	/** True: the server is a Sentinel. `prepare` must write `sentinel.conf` into its directory. */
	readonly sentinel?: boolean;
	readonly port?: number;
	/** Further environment variables. */
	readonly env?: Readonly<Record<string, string>>;
};

export const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const {port} = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});

const answers = (target: NetConnectOpts, connectOnly: boolean): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = createConnection(target);
		const finish = (result: boolean): void => {
			socket.destroy();
			resolve(result);
		};
		socket.setTimeout(1000, () => finish(false));
		socket.once('error', () => finish(false));
		socket.once('connect', () => (connectOnly ? finish(true) : socket.write('PING\r\n')));
		socket.once('data', (data) => finish(/^(\+PONG|-NOAUTH|-DENIED)/.test(data.toString())));
	});

/** The password among further arguments, for the built-in server, which supports only that argument. */
const passwordIn = (args: readonly string[]): string | undefined => {
	if (args.length === 0) return '';
	return args.length === 2 && args[0] === '--requirepass' ? args[1] : undefined;
};

/**
 * The command for `redis-server`, or, if it is not installed, for the built-in server. That takes only a password, on its
 * standard input, so tests that need other arguments check `realRedisVersion` first.
 */
const commandLine = (
	port: number,
	args: readonly string[],
	password: string | undefined,
): readonly [command: string, args: readonly string[], input: string] => {
	if (realRedisVersion !== undefined) return ['redis-server', args, ''];
	if (password === undefined)
		throw new Error('this needs a real redis-server: skip the test where realRedisVersion is undefined');
	const {command, args: words} = launchOfBuiltIn(password);
	const filled = words.map((word) => (word === '{port}' ? String(port) : word));
	return [command, filled, password === '' ? '' : `${password}\n`];
};

/**
 * Starts a Redis on a free loopback port, without persistence: a real one, or, if it is not installed, the built-in server.
 */
export const startRedisProcess = async (options: RedisProcessOptions = {}): Promise<RedisProcess> => {
	const {args = [], sentinel = false, connectOnly = false} = options;
	const directory = await mkdtemp(join(tmpdir(), 'rct-test-'));
	let port = options.port ?? (await freePort());
	const fill = (text: string): string => text.replaceAll('{directory}', directory);
	let child: ChildProcess | undefined;

	// For tests that end without `close`, for instance because the server never answered.
	const onExit = (): void => {
		child?.kill('SIGKILL');
		rmSync(directory, {recursive: true, force: true});
	};
	const launch = async (): Promise<void> => {
		const target: NetConnectOpts = options.path === undefined ? {port, host: '127.0.0.1'} : {path: fill(options.path)};
		const log = join(directory, 'server.log');
		await rm(log, {force: true});
		const common = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--logfile', log];
		const words = sentinel
			? [join(directory, 'sentinel.conf'), '--sentinel', ...common]
			: [...common, '--save', '', '--appendonly', 'no', ...args.map(fill)];
		const isPlain = !sentinel && options.path === undefined;
		const [command, commandArgs, input] = commandLine(port, words, isPlain ? passwordIn(args) : undefined);
		// The built-in server ends with its standard input.
		const server = spawn(command, commandArgs, {
			stdio: ['pipe', 'ignore', 'ignore'],
			env: {...process.env, ...options.env},
		});
		child = server;
		if (input !== '') server.stdin.write(input);
		// If this server has not opened the port, another one has taken it a moment earlier, and this one is about to end.
		const hasOpened = async (): Promise<boolean> => {
			if (realRedisVersion === undefined || sentinel) return true;
			return /ready to accept connections/i.test(await readFile(log, 'utf8').catch(() => ''));
		};
		const isReady = async (): Promise<boolean> => {
			if (server.exitCode !== null) throw new Error(`the Redis on port ${port} ended with code ${server.exitCode}`);
			return (await answers(target, connectOnly)) && (await hasOpened());
		};
		await until(isReady, `a Redis answers on port ${port}`);
	};
	/** Retries with another port, since tests that run at the same time may take the chosen one. */
	const launchOnFreePort = async (attempts = 3): Promise<void> => {
		try {
			await launch();
		} catch (error) {
			if (options.port !== undefined || attempts === 1) throw error;
			port = await freePort();
			await launchOnFreePort(attempts - 1);
		}
	};
	const kill = async (): Promise<void> => {
		const running = child;
		if (!running || running.exitCode !== null || running.signalCode !== null) return;
		const gone = new Promise((resolve) => running.once('exit', resolve));
		running.kill('SIGKILL');
		await gone;
	};
	const close = async (): Promise<void> => {
		process.off('exit', onExit);
		await kill();
		await rm(directory, {recursive: true, force: true});
	};

	process.once('exit', onExit);
	try {
		await options.prepare?.(directory);
		await launchOnFreePort();
	} catch (error) {
		await close();
		throw error;
	}
	return {
		host: '127.0.0.1',
		port,
		url: `redis://127.0.0.1:${port}`,
		directory,
		get pid() {
			return child?.pid ?? -1;
		},
		pause: () => void child?.kill('SIGSTOP'),
		resume: () => void child?.kill('SIGCONT'),
		kill,
		start: launch,
		close,
	};
};
