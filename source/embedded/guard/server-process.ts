import {type ChildProcess, spawn} from 'node:child_process';
import {join} from 'node:path';
import type {Launch} from '../launch.js';

const tailLength = 2048;
const pipeGraceMs = 200;

/** The configuration file of a server binary: it has the password, and only this user may read it. */
export const configFileIn = (directory: string): string => join(directory, 'redis.conf');

/** One run of a server process, from its spawn to its end. */
export class ServerProcess {
	readonly #child: ChildProcess;
	#tail = '';
	#ended: string | undefined;
	/** Resolves with the reason why it ended. Never rejects. */
	readonly ended: Promise<string>;

	constructor(launch: Launch, port: number) {
		const filled = launch.args.map((word) => {
			if (word === '{port}') return String(port);
			if (word === '{config}') return configFileIn(launch.directory ?? '');
			return word === '{directory}' ? (launch.directory ?? '') : word;
		});
		// Standard input is a pipe that closes with the guard, which ends the built-in server.
		this.#child = spawn(launch.command, [...filled, ...launch.furtherArgs], {stdio: ['pipe', 'pipe', 'pipe']});
		this.ended = new Promise((resolve) => {
			const end = (reason: string) => {
				this.#ended ??= reason;
				resolve(this.#ended);
			};
			this.#child.once('error', (error) => end(`could not be started: ${error.message}`));
			this.#child.once('exit', (code, signal) => {
				// Its last output is still to be read, but a child of the server may hold the pipe open for longer.
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

	/** Sends SIGKILL, which also ends a stopped process. */
	kill(): void {
		if (!this.hasEnded) this.#child.kill('SIGKILL');
	}
}

/** The line of the output that tells the error, or the last one. */
function lastWords(tail: string): string {
	const lines = tail.split('\n').map((line) => line.trim());
	const telling = lines.filter((line) => /error|already in use|bad directive|not found/i.test(line));
	return telling.at(-1) ?? lines.filter((line) => line !== '').at(-1) ?? '';
}
