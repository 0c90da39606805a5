const cr = 13;
const lf = 10;
const plus = 43;
const minus = 45;
const zero = 48;
const nine = 57;

/** Reads the line of a length, a count or an integer byte by byte. */
export class NumberLine {
	/** True if the line contains characters that are not part of a number. */
	isUnreadable = false;
	#number = 0;
	#isNegative = false;

	get value(): number {
		return this.#isNegative ? -this.#number : this.#number;
	}

	begin(): void {
		this.#number = 0;
		this.#isNegative = false;
		this.isUnreadable = false;
	}

	/** Returns true when the line is complete. */
	take(byte: number): boolean {
		if (byte >= zero && byte <= nine) this.#number = this.#number * 10 + byte - zero;
		else if (byte === minus) this.#isNegative = true;
		else if (byte === lf) return true;
		else if (byte !== cr && byte !== plus) this.isUnreadable = true;
		return false;
	}
}
