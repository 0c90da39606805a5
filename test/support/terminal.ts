import {closeSync, constants, openSync} from 'node:fs';
import type {Socket} from 'node:net';
import {type IPty, spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {patienceMs} from './until.js';

type Emulator = InstanceType<typeof xterm.Terminal>;

export type TerminalOptions = {
	/** Default 80. */
	readonly columns?: number;
	/** Default 24. */
	readonly rows?: number;
	/** Added to the environment of this process; `undefined` removes a variable. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly cwd?: string;
};

export type TerminalExit = {readonly exitCode: number; readonly signal: number | undefined};

/** Names of keys for `press`. Other texts are typed unchanged. */
const keys: Readonly<Record<string, string>> = {
	enter: '\r',
	esc: '\u001B',
	tab: '\t',
	'shift+tab': '\u001B[Z',
	space: ' ',
	backspace: '\u007F',
	delete: '\u001B[3~',
	up: '\u001B[A',
	down: '\u001B[B',
	right: '\u001B[C',
	left: '\u001B[D',
	home: '\u001B[H',
	end: '\u001B[F',
	pageup: '\u001B[5~',
	pagedown: '\u001B[6~',
};

function sequenceOf(key: string): string {
	const named = keys[key];
	if (named !== undefined) return named;
	const control = /^ctrl\+([a-z])$/.exec(key)?.[1];
	return control === undefined ? key : String.fromCharCode(control.charCodeAt(0) - 96);
}

function environment(extra: TerminalOptions['env']): Record<string, string> {
	// With CI, Ink writes only the last frame. With NO_COLOR, the program uses another theme.
	const merged: Record<string, string | undefined> = {
		...process.env,
		CI: undefined,
		CONTINUOUS_INTEGRATION: undefined,
		BUILD_NUMBER: undefined,
		NO_COLOR: undefined,
		FORCE_COLOR: undefined,
		NODE_ENV: undefined,
		VITEST: undefined,
		TERM: 'xterm-256color',
		// The history of the palette is neither read nor written.
		XDG_STATE_HOME: '/dev/null',
		...extra,
	};
	const defined: Record<string, string> = {};
	for (const [name, value] of Object.entries(merged)) if (value !== undefined) defined[name] = value;
	return defined;
}

/** A program in a pseudo-terminal, and the screen that a person would see. */
export type Terminal = {
	readonly pid: number;
	/** The rows of the screen, without trailing blanks. */
	rows(): string[];
	/** The rows, joined by line feeds. */
	screen(): string;
	/** The emulator: cells with colors, cursor, buffers. */
	readonly emulator: Emulator;
	/** True while the alternate screen is in use. */
	readonly alternate: boolean;
	/** Number of bytes that the program has written so far. */
	readonly bytes: number;
	/** Its output: the last 4 MiB. */
	readonly output: string;
	/**
	 * Resolves once the screen shows the text, or the predicate is true. After the timeout, rejects with the screen in the
	 * message.
	 */
	waitFor(wanted: string | RegExp | ((screen: string) => boolean), timeoutMs?: number): Promise<void>;
	/** Presses keys one after the other, each as a separate write: `press('down', 'enter', 'ctrl+c', 'q')`. */
	press(...names: readonly string[]): Promise<void>;
	/** Writes text as one chunk: fast typing, or sequences that no key sends. */
	write(text: string): void;
	/** Pastes text as a terminal with bracketed paste does. */
	paste(text: string): void;
	resize(columns: number, rows: number): void;
	kill(signal?: string): void;
	readonly exited: Promise<TerminalExit>;
	/** Kills the program if it is still running, and releases all resources. */
	close(): Promise<void>;
};

const outputLimit = 4 * 1024 * 1024;

/**
 * Prevents the loss of output that was not read when the program ended, which happens in busy tests: once no process has the
 * terminal open, Node.js treats a read that did not fill its buffer as the last one, and node-pty always closes the terminal
 * 200 ms after the end of the program.
 *
 * @param bytesRead Returns the number of bytes of output read so far.
 */
function keepUnreadOutput(pty: IPty, bytesRead: () => number): void {
	const {ptsName, _socket: socket} = pty as unknown as {readonly ptsName: string; readonly _socket: Socket};
	const terminal = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
	const destroy = socket.destroy.bind(socket);
	const destroyOnceRead = (): void => {
		const before = bytesRead();
		// An immediate runs after the event loop has polled for input.
		setTimeout(() => setImmediate(() => (bytesRead() === before ? destroy() : destroyOnceRead())), 10);
	};
	socket.destroy = () => {
		destroyOnceRead();
		return socket;
	};
	socket.once('close', () => closeSync(terminal));
}

/** Starts `command` in a pseudo-terminal of a fixed size. */
export function openTerminal(command: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
	const columns = options.columns ?? 80;
	const rows = options.rows ?? 24;
	const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
	const pty = spawn(command, [...args], {
		name: 'xterm-256color',
		cols: columns,
		rows,
		cwd: options.cwd ?? process.cwd(),
		env: environment(options.env),
	});
	let bytes = 0;
	let output = '';
	let isGone = false;
	keepUnreadOutput(pty, () => bytes);
	const watchers = new Set<() => void>();
	const changed = () => {
		for (const watcher of [...watchers]) watcher();
	};
	const data = pty.onData((chunk) => {
		bytes += Buffer.byteLength(chunk);
		output = (output + chunk).slice(-outputLimit);
		emulator.write(chunk, changed);
	});
	// Replies of the emulator (cursor position, device attributes) go to the program, as in a real terminal.
	const replies = emulator.onData((reply) => {
		if (!isGone) pty.write(reply);
	});
	const exited = new Promise<TerminalExit>((resolve) => {
		pty.onExit(({exitCode, signal}) => {
			isGone = true;
			resolve({exitCode, signal: signal === 0 ? undefined : signal});
			changed();
		});
	});
	const readRows = () => {
		const buffer = emulator.buffer.active;
		return Array.from(
			{length: emulator.rows},
			(_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? '',
		);
	};
	const screen = () => readRows().join('\n');

	const waitFor: Terminal['waitFor'] = async (wanted, timeoutMs = patienceMs) => {
		const holds = () => {
			const text = screen();
			if (typeof wanted === 'string') return text.includes(wanted);
			return wanted instanceof RegExp ? wanted.test(text) : wanted(text);
		};
		if (holds()) return;
		await new Promise<void>((resolve, reject) => {
			const settle = (error?: Error) => {
				clearTimeout(timer);
				clearInterval(poll);
				watchers.delete(check);
				if (error) reject(error);
				else resolve();
			};
			const check = () => {
				if (holds()) settle();
			};
			const timer = setTimeout(() => {
				const what = typeof wanted === 'function' ? 'the condition' : String(wanted);
				settle(
					new Error(
						`not on the screen after ${timeoutMs} ms: ${what}${isGone ? ' (the program has ended)' : ''}\n${screen()}`,
					),
				);
			}, timeoutMs);
			// Polls, since a condition may also depend on something other than the screen.
			const poll = setInterval(check, 50);
			watchers.add(check);
		});
	};

	return {
		pid: pty.pid,
		emulator,
		rows: readRows,
		screen,
		get alternate() {
			return emulator.buffer.active.type === 'alternate';
		},
		get bytes() {
			return bytes;
		},
		get output() {
			return output;
		},
		waitFor,
		async press(...names) {
			for (const name of names) {
				pty.write(sequenceOf(name));
				// Without a pause, the keys would arrive as one chunk.
				await new Promise((resolve) => setTimeout(resolve, 30));
			}
		},
		write: (text) => pty.write(text),
		paste: (text) => pty.write(`\u001B[200~${text}\u001B[201~`),
		resize(nextColumns, nextRows) {
			emulator.resize(nextColumns, nextRows);
			pty.resize(nextColumns, nextRows);
		},
		kill(signal = 'SIGTERM') {
			if (!isGone) pty.kill(signal);
		},
		exited,
		async close() {
			if (!isGone) pty.kill('SIGKILL');
			await exited;
			data.dispose();
			replies.dispose();
			emulator.dispose();
		},
	};
}
