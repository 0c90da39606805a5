/** Thrown if bytes do not conform to Redis's file format. */
export class BadFormat extends Error {}

/** Reads bytes from front to back. None of its methods goes beyond the end: they throw. */
export class ByteReader {
	#place = 0;

	constructor(readonly bytes: Buffer) {}

	get isAtEnd(): boolean {
		return this.#place >= this.bytes.length;
	}

	byte(): number {
		return this.bytes[this.#skip(1)] ?? 0;
	}

	take(size: number): Buffer {
		const start = this.#skip(size);
		return this.bytes.subarray(start, start + size);
	}

	text(size: number): string {
		return this.take(size).toString('latin1');
	}

	double(): number {
		return this.bytes.readDoubleLE(this.#skip(8));
	}

	/** Reads a little-endian number. */
	unsigned(size: number): number {
		return this.bytes.readUIntLE(this.#skip(size), size);
	}

	/** Reads a big-endian number. */
	unsignedFromHighest(size: number): number {
		return this.bytes.readUIntBE(this.#skip(size), size);
	}

	/** Reads a little-endian integer, as decimal text. */
	integerText(size: number): string {
		const start = this.#skip(size);
		return String(size === 8 ? this.bytes.readBigInt64LE(start) : this.bytes.readIntLE(start, size));
	}

	#skip(size: number): number {
		const start = this.#place;
		if (size > this.bytes.length - start) throw new BadFormat();
		this.#place += size;
		return start;
	}
}
