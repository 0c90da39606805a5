/** Bytes that arrive in pieces. All text is latin1, one character for each byte. The time it takes grows with the bytes alone. */
export class ReceivedBytes {
	#length = 0;
	/** What came until somebody looked, in the first bytes of a buffer. */
	#joined = Buffer.alloc(0);
	#joinedLength = 0;
	/** What came after that. */
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

	/** Where the text is found first, from `start` on; -1: nowhere. */
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
