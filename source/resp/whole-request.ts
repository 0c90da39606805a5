const cr = 13;
const zero = 48;
const star = 42;
const dollar = 36;

/** Maximum number of arguments. Longer requests are left to `RequestTokenizer`. */
const maxArguments = 24;

/** Maximum number of digits of a length: a longer body never fits in a chunk. */
const maxDigits = 8;

/**
 * Reads a request that is contained completely in a chunk, as almost all are, without the state machine of `RequestTokenizer`.
 * It has no state between requests.
 */
class WholeRequest {
	/** Number of arguments, including the command itself. */
	argc = 0;
	/** Bytes `from[index]` to `to[index]` of the chunk are argument `index`. */
	readonly from = new Int32Array(maxArguments);
	readonly to = new Int32Array(maxArguments);
	/** Offset of the end of the request. */
	end = 0;

	#after = 0;

	/**
	 * Reads the request that begins at an offset. Returns false if it is incomplete, inline, has many arguments, or is
	 * otherwise unusual: `RequestTokenizer` must then read it.
	 */
	read(chunk: Buffer, offset: number): boolean {
		if (chunk[offset] !== star) return false;
		const argc = this.#readNumber(chunk, offset + 1);
		if (argc < 1 || argc > maxArguments) return false;
		let at = this.#after;
		for (let index = 0; index < argc; index++) {
			if (chunk[at] !== dollar) return false;
			const length = this.#readNumber(chunk, at + 1);
			if (length < 0) return false;
			const from = this.#after;
			const to = from + length;
			at = to + 2;
			if (at > chunk.length) return false;
			this.from[index] = from;
			this.to[index] = to;
		}
		this.argc = argc;
		this.end = at;
		return true;
	}

	/** Returns a number without leading zeros if its line is complete, else -1. Sets `#after` to the end of the line. */
	#readNumber(chunk: Buffer, offset: number): number {
		let value = 0;
		let at = offset;
		let byte = chunk[at] ?? 0;
		const isZero = byte === zero;
		while (byte >= zero && byte <= zero + 9) {
			value = value * 10 + byte - zero;
			byte = chunk[++at] ?? 0;
		}
		const digits = at - offset;
		if (byte !== cr || digits === 0 || digits > maxDigits || (isZero && digits > 1)) return -1;
		this.#after = at + 2;
		return value;
	}
}

/** One for all connections, so that it stays in the CPU cache. Its fields are valid until the next `read`. */
export const wholeRequest = new WholeRequest();
