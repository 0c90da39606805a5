import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {freePort} from '../../support/redis-process.js';
import {until} from '../../support/until.js';
import {environment} from './install.js';

/** A server that a test has started. */
export type RunningApplication = {
	readonly url: string;
	/** Everything that it has printed. */
	output(): string;
	/** Asks it to end with SIGTERM. Resolves with its exit code; null if a signal ended it. */
	stop(): Promise<number | null>;
	kill(): void;
};

export type StartOptions = {
	readonly folder: string;
	/** Arguments of Node.js. */
	readonly args: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
	/** A page that answers once it is ready. Default `/`. */
	readonly path?: string;
};

/** Starts a server that listens on `PORT`, and waits until it answers. */
export async function start({folder, args, env = {}, path = '/'}: StartOptions): Promise<RunningApplication> {
	const port = await freePort();
	const child: ChildProcess = spawn(process.execPath, [...args], {
		cwd: folder,
		env: {...environment, PORT: String(port), ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let printed = '';
	for (const stream of [child.stdout, child.stderr])
		stream?.on('data', (bytes: Buffer) => {
			printed = (printed + bytes).slice(-100_000);
		});
	const exited = once(child, 'exit') as Promise<[number | null]>;
	const url = `http://127.0.0.1:${port}`;
	const isAnswered = () =>
		fetch(url + path).then(
			(response) => response.body?.cancel().then(() => true),
			() => false,
		);
	try {
		await until(async () => child.exitCode !== null || (await isAnswered()) === true, `${path} answers`, {
			everyMs: 50,
		});
		if (child.exitCode !== null) throw new Error(`it has ended with exit code ${child.exitCode}`);
	} catch (error) {
		child.kill('SIGKILL');
		throw new Error(`the application did not start:\n${printed}`, {cause: error});
	}
	return {
		url,
		output: () => printed,
		async stop() {
			child.kill('SIGTERM');
			const [code] = await exited;
			return code;
		},
		kill: () => void child.kill('SIGKILL'),
	};
}
