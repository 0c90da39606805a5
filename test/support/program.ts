import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';

/** The built program; `npm run build` makes it. */
export const programPath = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type ProgramResult = {
	readonly exitCode: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly durationMs: number;
};

export type RunningProgram = {
	readonly child: ChildProcess;
	/** Standard output so far. */
	stdout(): string;
	stderr(): string;
	readonly finished: Promise<ProgramResult>;
};

export type ProgramOptions = {
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly cwd?: string;
	/** True: standard error is the same stream as standard output, like `2>&1` in a shell. Default false. */
	readonly shareOutput?: boolean;
};

/** Starts the program without a terminal and without the settings of this machine. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
	const started = performance.now();
	const command = [process.execPath, programPath, ...args];
	const [file = '', ...rest] = options.shareOutput ? ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...command] : command;
	const child = spawn(file, rest, {
		stdio: ['ignore', 'pipe', 'pipe'],
		cwd: options.cwd,
		env: {
			...process.env,
			LC_ALL: 'C.UTF-8',
			REDIS_URL: undefined,
			NODE_ENV: undefined,
			XDG_CONFIG_HOME: '/nonexistent',
			...options.env,
		},
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		stdout += chunk;
	});
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
		stderr += chunk;
	});
	const finished = once(child, 'close').then(([exitCode, signal]) => ({
		exitCode: exitCode as number | null,
		signal: signal as NodeJS.Signals | null,
		stdout,
		stderr,
		durationMs: performance.now() - started,
	}));
	return {child, stdout: () => stdout, stderr: () => stderr, finished};
}

/** Runs the program to its end. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
	return startProgram(args, options).finished;
}
