import {type ChildProcess, spawn} from 'node:child_process';
import {renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {clockFileText} from '../clock-library.js';
import type {Launch} from '../launch.js';

const tailLength = 2048;
const pipeGraceMs = 200;

/** The configuration file of a server binary. It contains the password, and only this user can read it. */
export const configFileIn = (directory: string): string => join(directory, 'redis.conf');

/** The file that contains the offset of its clock. */
const clockFileIn = (directory: string): string => join(directory, 'clock');

/** One run of a server process, from its spawn to its end. */
export class ServerProcess {
	readonly #child: ChildProcess;
	readonly #launch: Launch;
	#tail = '';
	#ended: string | undefined;
	/** Resolves with the reason why it ended. Never rejects. */
	readonly ended: Promise<string>;

	/** @param clockMs Milliseconds by which its clock is ahead of the real time. */
	constructor(launch: Launch, port: number, clockMs: number) {
		this.#launch = launch;
		const {directory = ''} = launch;
		const fill = (word: string): string => {
			if (word === '{port}') return String(port);
			if (word === '{config}') return configFileIn(directory);
			if (word === '{clock}') return clockFileIn(directory);
			return word === '{directory}' ? directory : word;
		};
		const added = Object.entries(launch.environment ?? {}).map(([name, value]) => [name, fill(value)] as const);
		if (launch.clock === 'file') this.setClock(clockMs);
		// Standard input is a pipe that closes with the guard, which ends the built-in server.
		this.#child = spawn(launch.command, [...launch.args.map(fill), ...launch.furtherArgs], {
			stdio: ['pipe', 'pipe', 'pipe'],
			env: {...process.env, ...Object.fromEntries(added)},
		});
		this.ended = new Promise((resolve) => {
			const end = (reason: string) => {
				this.#ended ??= reason;
				resolve(this.#ended);
			};
			this.#child.once('error', (error) => end(`could not be started: ${error.message}`));
			this.#child.once('exit', (code, signal) => {
				// Waits for its last output, but only for a limited time, since a child of the server may keep the pipe open.
				const timer = setTimeout(() => this.#child.emit('close', code, signal), pipeGraceMs);
				this.#child.once('close', () => clearTimeout(timer));
			});
			this.#child.once('close', (code, signal) => {
				if (signal !== null) return end(`was ended by ${signal}`);
				const words = lastWords(this.#tail);
				end(words === '' ? `ended with code ${code}` : `ended with code ${code}: ${words}`);
			});
		});
		this.#child.stdin?.on('error', () => {});
		if (launch.password !== '') this.#child.stdin?.write(`${launch.password}\n`);
		if (launch.clock === 'input') this.setClock(clockMs);
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			stream?.setEncoding('utf8').on('data', (text: string) => {
				this.#tail = (this.#tail + text).slice(-tailLength);
			});
		}
	}

	get pid(): number | undefined {
		return this.#child.pid;
	}

	get hasEnded(): boolean {
		return this.#ended !== undefined;
	}

	/** True if it ended because another program uses its port. */
	get portTaken(): boolean {
		return this.hasEnded && /address already in use|EADDRINUSE/i.test(this.#tail);
	}

	/** Sets the offset of its clock. Does nothing if that is not possible. */
	setClock(clockMs: number): void {
		const {clock, directory = ''} = this.#launch;
		if (clock === 'input') this.#child.stdin?.write(`clock ${clockMs}\n`);
		if (clock !== 'file') return;
		// Replaced by a rename, so that the server never reads a half-written file.
		const file = clockFileIn(directory);
		writeFileSync(`${file}.new`, clockFileText(clockMs));
		renameSync(`${file}.new`, file);
	}

	/** Sends SIGKILL, which also ends a stopped process. */
	kill(): void {
		if (!this.hasEnded) this.#child.kill('SIGKILL');
	}
}

/** The line of the output that contains the error, or the last line. */
function lastWords(tail: string): string {
	const lines = tail.split('\n').map((line) => line.trim());
	const telling = lines.filter((line) => /error|already in use|bad directive|not found/i.test(line));
	return telling.at(-1) ?? lines.filter((line) => line !== '').at(-1) ?? '';
}
