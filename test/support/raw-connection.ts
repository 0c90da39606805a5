import {connect, type Socket} from 'node:net';
import {type Frame, readFrame} from './resp.js';

const timeoutMs = 5000;

/**
 * A plain socket to a server, for tests that look at the very bytes. All text is latin1, one character for each byte.
 */
export class RawConnection {
	readonly socket: Socket;
	/** When each piece came, by `performance.now()`, and its length. */
	readonly pieces: {readonly at: number; readonly length: number}[] = [];
	#received = '';
	/** Up to where `nextReply` has taken replies. */
	#taken = 0;
	#ended: string | undefined;
	#isClosed = false;
	#onChange: () => void = () => {};

	/** Does not wait for the connection to be open: it may be meant to fail. */
	constructor(port: number) {
		this.socket = connect({host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true});
		this.socket.on('data', (chunk) => {
			this.#received += chunk.toString('latin1');
			this.pieces.push({at: performance.now(), length: chunk.length});
			this.#onChange();
		});
		this.socket.on('end', () => {
			this.#ended ??= 'end';
			this.#onChange();
		});
		this.socket.on('error', (error: NodeJS.ErrnoException) => {
			this.#ended = error.code ?? error.message;
		});
		this.socket.on('close', () => {
			this.#isClosed = true;
			this.#onChange();
		});
	}

	/**
	 * Opens a connection that speaks the given version of the protocol.
	 *
	 * @param server A port, or a server whose URL may have a password.
	 */
	static async open(
		server: number | {readonly port: number; readonly url: string},
		resp: 2 | 3 = 2,
	): Promise<RawConnection> {
		const connection = new RawConnection(typeof server === 'number' ? server : server.port);
		const {socket} = connection;
		await connection.#until(() => !socket.connecting && !socket.destroyed, 'the connection');
		const {password} = new URL(typeof server === 'number' ? 'redis:' : server.url);
		if (password !== '') await connection.call(['AUTH', password]);
		if (resp === 3) await connection.call(['HELLO', '3']);
		return connection;
	}

	/** Everything received so far. */
	text(): string {
		return this.#received;
	}

	/** The end of the connection: `end` (FIN), or the code of an error; undefined while it is open. */
	ended(): string | undefined {
		return this.#ended;
	}

	/** Sends text as it is, or words as a command. */
	send(what: string | readonly string[]): void {
		const text =
			typeof what === 'string'
				? what
				: `*${what.length}\r\n${what.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
		this.socket.write(text, 'latin1');
	}

	/** Sends text and waits for exactly that answer, after everything received before. */
	async ask(text: string, answer: string): Promise<void> {
		const expected = this.#received + answer;
		this.send(text);
		await this.#until(
			() => this.#received.length >= expected.length,
			`an answer to ${JSON.stringify(text.slice(0, 40))}`,
		);
		if (this.#received !== expected)
			throw new Error(
				`expected ${JSON.stringify(expected.slice(-200))}, got ${JSON.stringify(this.#received.slice(-200))}`,
			);
	}

	/** Sends a command and waits for the next reply. */
	call(words: readonly string[]): Promise<Frame> {
		this.send(words);
		return this.nextReply();
	}

	/** The next reply that was not taken yet. */
	async nextReply(): Promise<Frame> {
		let found = readFrame(this.#received, this.#taken);
		await this.#until(() => {
			found ??= readFrame(this.#received, this.#taken);
			return found !== undefined;
		}, 'a reply');
		if (found === undefined) throw new Error('unreachable');
		this.#taken = found.end;
		return found.frame;
	}

	/** The text of all replies that come before the answer to a PING sent now. */
	async collect(): Promise<string> {
		const marker = `marker-${Math.random()}`;
		this.send(['PING', marker]);
		let text = '';
		for (;;) {
			const frame = await this.nextReply();
			if (frame.text.includes(marker)) return text;
			text += frame.text;
		}
	}

	/** Resolves with the bytes received and not taken as a reply, once the server closes the connection. */
	async untilClosed(): Promise<string> {
		await this.#until(() => this.#ended !== undefined || this.#isClosed, 'the end of the connection');
		return this.#received.slice(this.#taken);
	}

	close(): void {
		this.socket.destroy();
	}

	#until(isMet: () => boolean, what: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const fail = (why: string) => {
				const tail = JSON.stringify(this.#received.slice(this.#taken).slice(-200));
				finish(() => reject(new Error(`${why} while waiting for ${what}, after ${tail}`)));
			};
			const timer = setTimeout(() => fail(`nothing within ${timeoutMs} ms`), timeoutMs);
			const finish = (settle: () => void) => {
				clearTimeout(timer);
				this.#onChange = () => {};
				this.socket.off('connect', check);
				settle();
			};
			const check = () => {
				if (isMet()) finish(resolve);
				else if (this.#isClosed || this.#ended !== undefined) fail(`the connection ended (${this.#ended ?? 'closed'})`);
			};
			this.#onChange = check;
			this.socket.on('connect', check);
			check();
		});
	}
}
