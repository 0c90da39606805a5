import {connect, type Socket} from 'node:net';
import {type Frame, FrameReader} from './frame-reader.js';
import {ReceivedBytes} from './received-bytes.js';
import {patienceMs} from './until.js';

/**
 * A plain socket to a server, for tests that compare exact bytes. Text is latin1, one character per byte.
 */
export class RawConnection {
	readonly socket: Socket;
	/** Time of arrival (`performance.now()`) and length of each piece. */
	readonly pieces: {readonly at: number; readonly length: number}[] = [];
	readonly #received = new ReceivedBytes();
	readonly #replies = new FrameReader(this.#received);
	#ended: string | undefined;
	#isClosed = false;
	#onChange: () => void = () => {};

	/** Does not wait for the connection, which may be expected to fail. */
	constructor(port: number) {
		this.socket = connect({host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true});
		this.socket.on('data', (chunk) => {
			this.#received.add(chunk);
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
		return this.#received.text();
	}

	/** Number of bytes received so far. */
	get received(): number {
		return this.#received.length;
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

	/** Sends text, and waits until exactly `answer` follows the bytes received before. */
	async ask(text: string, answer: string): Promise<void> {
		const before = this.received;
		this.send(text);
		await this.#until(
			() => this.received >= before + answer.length,
			`an answer to ${JSON.stringify(text.slice(0, 40))}`,
		);
		const got = this.#received.text(before);
		if (got !== answer)
			throw new Error(`expected ${JSON.stringify(answer.slice(-200))}, got ${JSON.stringify(got.slice(-200))}`);
	}

	/** Sends a command and waits for the next reply. */
	call(words: readonly string[]): Promise<Frame> {
		this.send(words);
		return this.nextReply();
	}

	/** The next reply that no earlier call has returned. */
	async nextReply(): Promise<Frame> {
		let reply: Frame | undefined;
		await this.#until(() => {
			reply = this.#replies.next();
			return reply !== undefined;
		}, 'a reply');
		if (reply === undefined) throw new Error('unreachable');
		return reply;
	}

	/** The text of all replies before that to a PING which is sent now. */
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

	/** Resolves with the bytes that were not returned as replies, once the server has closed the connection. */
	async untilClosed(): Promise<string> {
		await this.#until(() => this.#ended !== undefined || this.#isClosed, 'the end of the connection');
		return this.#received.text(this.#replies.taken);
	}

	close(): void {
		this.socket.destroy();
	}

	#until(isMet: () => boolean, what: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const fail = (why: string) => {
				const tail = JSON.stringify(this.#received.text(Math.max(this.#replies.taken, this.received - 200)));
				finish(() => reject(new Error(`${why} while waiting for ${what}, after ${tail}`)));
			};
			const timer = setTimeout(() => fail(`not within ${patienceMs} ms`), patienceMs);
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
