/** Maximum number of digits, so that the number is exact. */
const maxDigits = 15;

const cr = 13;
const lf = 10;
const plus = 43;
const minus = 45;
const zero = 48;
const nine = 57;
const bulk = '$'.charCodeAt(0);
const integer = ':'.charCodeAt(0);

/**
 * Reads a status, an integer or a bulk string that is contained completely in a chunk, as almost all replies are, without the
 * state machine of `ReplyFollower`. It has no state between replies.
 */
class WholeReply {
	/** Type byte. */
	type = 0;
	/** The length of a bulk string, -1 for null; the number of an integer; 0 for a status. */
	size = 0;
	/** Offset of the end of the reply. */
	end = 0;

	/** Reads the reply that begins at an offset. Returns false if it must be read by the state machine. */
	read(chunk: Buffer, from: number): boolean {
		const type = chunk[from];
		if (type === plus) {
			const newline = chunk.indexOf(lf, from);
			return newline !== -1 && this.#found(type, 0, newline + 1);
		}
		if (type !== bulk && type !== integer) return false;
		let at = from + 1;
		let byte = chunk[at] ?? 0;
		const isNegative = byte === minus;
		if (isNegative) byte = chunk[++at] ?? 0;
		const start = at;
		let value = 0;
		while (byte >= zero && byte <= nine) {
			value = value * 10 + byte - zero;
			byte = chunk[++at] ?? 0;
		}
		if (byte !== cr || at === start || at - start > maxDigits || at + 2 > chunk.length) return false;
		if (isNegative) value = -value;
		const end = at + 2 + (type === bulk && value >= 0 ? value + 2 : 0);
		return end <= chunk.length && this.#found(type, value, end);
	}

	#found(type: number, size: number, end: number): true {
		this.type = type;
		this.size = size;
		this.end = end;
		return true;
	}
}

/** One for all connections, so that it stays in the CPU cache. Its fields are valid until the next `read`. */
export const wholeReply = new WholeReply();
