import type {Socket} from 'node:net';

/** Text is collected in parts of about this many characters, since V8 limits the length of a string. */
const maxPartLength = 1_048_576;

/**
 * Collects what ioredis would write to a socket, and writes it at once: the commands of one turn become one string and
 * one system call. With `socket.cork()` each would stay a chunk of its own, which costs more.
 */
export class Outbox {
	#text = '';
	/** True if the collected text is known to be ASCII. */
	#isAscii = true;
	#parts: (string | Uint8Array)[] = [];

	/** The only method of a stream that ioredis calls. */
	readonly write = (chunk: string | Uint8Array): boolean => {
		if (typeof chunk !== 'string') {
			this.#endPart();
			this.#parts.push(chunk);
		} else {
			this.#isAscii = false;
			this.#text += chunk;
			if (this.#text.length > maxPartLength) this.#endPart();
		}
		return true;
	};

	/** Like `write`, for text that is known to be ASCII. */
	writeEncoded(chunk: string | Uint8Array): void {
		if (typeof chunk !== 'string' || this.#text.length + chunk.length > maxPartLength) this.write(chunk);
		else this.#text += chunk;
	}

	flush(socket: Socket): void {
		if (this.#parts.length === 0) {
			if (this.#text === '') return;
			const text = this.#text;
			const encoding = this.#isAscii ? 'latin1' : encodingOf(text);
			this.#text = '';
			this.#isAscii = true;
			socket.write(text, encoding);
			return;
		}
		this.#endPart();
		const parts = this.#parts;
		this.#parts = [];
		this.#isAscii = true;
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

/** ASCII text has the same bytes in both encodings, and Node.js copies Latin-1 faster. */
function encodingOf(text: string): 'latin1' | 'utf8' {
	return Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8';
}
