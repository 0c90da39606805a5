import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {until} from './until.js';

const program = fileURLToPath(new URL('live-app.mjs', import.meta.url));

export type LiveApp = {
	readonly pid: number;
	/** Sends a line, and resolves with the line of the answer. */
	ask(line: string): Promise<string>;
	signal(name: NodeJS.Signals): void;
	/** Resolves with the exit code; null if the process was ended by a signal. */
	readonly exited: Promise<number | null>;
	kill(): Promise<void>;
};

/** Starts `live-app.mjs`. Resolves when its caches are connected. */
export async function openLiveApp(
	url: string,
	caches: readonly (object | 'worker')[],
	env: Readonly<Record<string, string>>,
	nodeOptions: readonly string[] = [],
): Promise<LiveApp> {
	const words = caches.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
	const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [...nodeOptions, program, url, ...words], {
		env: {...process.env, ...env, NODE_ENV: undefined},
	});
	child.stderr.pipe(process.stderr);
	const exited = once(child, 'exit').then(([code]) => code as number | null);
	const lines: string[] = [];
	let rest = '';
	child.stdout.on('data', (chunk: Buffer) => {
		const parts = (rest + chunk.toString()).split('\n');
		rest = parts.pop() ?? '';
		lines.push(...parts);
	});
	const next = async () => {
		await until(() => lines.length > 0, 'a line of the application');
		return lines.shift() ?? '';
	};
	await next();
	return {
		pid: child.pid ?? -1,
		ask(line) {
			child.stdin.write(`${line}\n`);
			return next();
		},
		signal: (name) => void child.kill(name),
		exited,
		async kill() {
			child.kill('SIGKILL');
			await exited;
		},
	};
}
