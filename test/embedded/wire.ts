import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {type Frame, readFrame} from './reply-frames.js';

const timeoutMs = 5000;

/** A plain socket to a server, for tests that look at the very bytes. */
export class Wire {
	readonly #socket: Socket;
	#text = '';
	#wake: () => void = () => {};
	closed = false;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setEncoding('latin1');
		socket.on('data', (chunk: string) => {
			this.#text += chunk;
			this.#wake();
		});
		socket.on('error', () => {});
		socket.on('close', () => {
			this.closed = true;
			this.#wake();
		});
	}

	static async open(port: number, resp: 2 | 3 = 2): Promise<Wire> {
		const socket = connect({port, host: '127.0.0.1', noDelay: true});
		await once(socket, 'connect');
		const wire = new Wire(socket);
		if (resp === 3) await wire.ask(['HELLO', '3']);
		return wire;
	}

	/** Words are latin1. */
	send(words: readonly string[]): void {
		this.write(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`);
	}

	write(text: string): void {
		this.#socket.write(text, 'latin1');
	}

	/** The next frame; fails after a while, or when the connection ends. */
	async next(): Promise<Frame> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const found = readFrame(this.#text);
			if (found) {
				this.#text = this.#text.slice(found.end);
				return found.frame;
			}
			if (this.closed) throw new Error(`the connection ended, after ${JSON.stringify(this.#text)}`);
			await this.#more(deadline);
		}
	}

	async ask(words: readonly string[]): Promise<Frame> {
		this.send(words);
		return this.next();
	}

	/** All that came until the server answered a ping sent now, as one text. */
	async collect(): Promise<string> {
		const marker = `marker-${Math.random()}`;
		this.send(['PING', marker]);
		let text = '';
		for (;;) {
			const frame = await this.next();
			if (frame.text.includes(marker)) return text;
			text += frame.text;
		}
	}

	/** All that came until the server closed the connection. */
	async untilClosed(): Promise<string> {
		const deadline = Date.now() + timeoutMs;
		while (!this.closed) await this.#more(deadline);
		return this.#text;
	}

	/** What comes from now on stays in the socket. */
	stopReading(): void {
		this.#socket.pause();
	}

	close(): void {
		this.#socket.destroy();
	}

	#more(deadline: number): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`no answer within ${timeoutMs} ms, after ${JSON.stringify(this.#text)}`)),
				Math.max(1, deadline - Date.now()),
			);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
