/** Bytes that arrive in pieces. Text is latin1, one character per byte. The total time is linear in the number of bytes. */
export class ReceivedBytes {
	#length = 0;
	/** The bytes received before the last access, at the beginning of a larger buffer. */
	#joined = Buffer.alloc(0);
	#joinedLength = 0;
	/** The bytes received after that. */
	#pieces: Uint8Array[] = [];

	get length(): number {
		return this.#length;
	}

	add(piece: Uint8Array): void {
		this.#pieces.push(piece);
		this.#length += piece.length;
	}

	text(start = 0, end = this.#length): string {
		return this.#all().toString('latin1', start, end);
	}

	/** The offset of the first occurrence of the text from `start` on; -1 if there is none. */
	indexOf(text: string, start: number): number {
		return this.#all().indexOf(text, start, 'latin1');
	}

	#all(): Buffer {
		if (this.#length > this.#joined.length) {
			const larger = Buffer.allocUnsafe(2 * this.#length);
			this.#joined.copy(larger, 0, 0, this.#joinedLength);
			this.#joined = larger;
		}
		for (const piece of this.#pieces) {
			this.#joined.set(piece, this.#joinedLength);
			this.#joinedLength += piece.length;
		}
		this.#pieces = [];
		return this.#joined.subarray(0, this.#length);
	}
}
