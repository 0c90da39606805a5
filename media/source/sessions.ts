import {fileURLToPath} from 'node:url';
import {openTerminal, type Terminal} from '../../test/support/terminal.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type Session = {
	readonly columns: number;
	readonly rows: number;
	readonly theme?: string;
	/** Words after the name of the program. Default: none. */
	readonly words?: readonly string[];
	/** On the screen once it has started. Default: `connected`. */
	readonly ready?: string;
};

/** The real program in a pseudo-terminal of a size, with settings of its own only. */
export async function inTerminal(session: Session, story: (terminal: Terminal) => Promise<void>) {
	const {columns, rows, theme, words = [], ready = 'connected'} = session;
	const terminal = openTerminal(
		process.execPath,
		[program, ...words, ...(theme === undefined ? [] : ['--theme', theme])],
		{
			columns,
			rows,
			env: {LC_ALL: 'C.UTF-8', REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent'},
		},
	);
	try {
		await terminal.waitFor(ready);
		await story(terminal);
		await terminal.press('ctrl+c');
		await terminal.exited;
	} finally {
		await terminal.close();
	}
}

export type Task = {readonly name: string; readonly run: () => Promise<void>};

const attempts = 3;

async function runOne({name, run}: Task): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			await run();
			process.stderr.write(`${name}\n`);
			return;
		} catch (error) {
			if (attempt === attempts) throw error;
			process.stderr.write(`${name}: once more, after: ${String(error).split('\n', 1)[0]}\n`);
		}
	}
}

/** Runs tasks, `jobs` of them at a time. A task that fails is tried again: a busy machine is no reason for no pictures. */
export async function runTasks(tasks: readonly Task[], jobs: number): Promise<void> {
	const waiting = [...tasks];
	const work = async () => {
		for (let task = waiting.shift(); task; task = waiting.shift()) await runOne(task);
	};
	await Promise.all(Array.from({length: jobs}, work));
}
