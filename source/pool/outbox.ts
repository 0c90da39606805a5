import type {Socket} from 'node:net';

/** A text longer than this is a part of its own: there is a limit to what one string can hold. */
const maxPart = 1_048_576;

/**
 * Takes what ioredis would write to a socket, and hands it over at once: the commands of one turn become one string and
 * one system call. A cork would keep them apart, and the socket would have to put a vector of them together.
 */
export class Outbox {
	#text = '';
	#parts: (string | Uint8Array)[] = [];

	/** The one method of a stream that ioredis calls. */
	readonly write = (chunk: string | Uint8Array): boolean => {
		if (typeof chunk !== 'string') {
			this.#endPart();
			this.#parts.push(chunk);
		} else {
			this.#text += chunk;
			if (this.#text.length > maxPart) this.#endPart();
		}
		return true;
	};

	flush(socket: Socket): void {
		if (this.#parts.length === 0) {
			if (this.#text === '') return;
			const text = this.#text;
			this.#text = '';
			socket.write(text, encodingOf(text));
			return;
		}
		this.#endPart();
		const parts = this.#parts;
		this.#parts = [];
		socket.cork();
		for (const part of parts) {
			if (typeof part === 'string') socket.write(part, encodingOf(part));
			else socket.write(part);
		}
		socket.uncork();
	}

	#endPart(): void {
		if (this.#text === '') return;
		this.#parts.push(this.#text);
		this.#text = '';
	}
}

/** Text of nothing but ASCII is the same bytes in both, and Node copies Latin-1 without looking at each character. */
function encodingOf(text: string): 'latin1' | 'utf8' {
	return Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8';
}
