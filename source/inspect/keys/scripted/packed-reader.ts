/**
 * Reads the strings and integers of a MessagePack array, as written by `cmsgpack.pack` of Redis. A general decoder would create
 * objects for them, which costs several times as much.
 */
export class PackedReader {
	readonly #packed: Buffer;
	#at: number;

	constructor(packed: Buffer) {
		this.#packed = packed;
		const head = packed[0] ?? unknown;
		if (head === 0x80 || (head >= 0x90 && head < 0xa0)) this.#at = 1;
		else if (head === 0xdc) this.#at = 3;
		else if (head === 0xdd) this.#at = 5;
		else throw unexpected();
	}

	get isAtEnd(): boolean {
		return this.#at >= this.#packed.length;
	}

	/** Reads a string. The Buffer shares the memory of the reply. */
	bytes(): Buffer {
		const head = this.#packed[this.#at++] ?? unknown;
		let length: number;
		if (head >= 0xa0 && head < 0xc0) length = head - 0xa0;
		else if (head === 0xd9) length = this.#unsigned(1);
		else if (head === 0xda) length = this.#unsigned(2);
		else if (head === 0xdb) length = this.#unsigned(4);
		else throw unexpected();
		const from = this.#at;
		this.#at += length;
		if (this.#at > this.#packed.length) throw unexpected();
		return this.#packed.subarray(from, this.#at);
	}

	/** Reads an integer, which is exact up to 2⁵³. */
	integer(): number {
		const head = this.#packed[this.#at++] ?? unknown;
		if (head < 0x80) return head;
		if (head >= 0xe0) return head - 0x100;
		switch (head) {
			case 0xcc:
				return this.#unsigned(1);
			case 0xcd:
				return this.#unsigned(2);
			case 0xce:
				return this.#unsigned(4);
			case 0xcf:
				return this.#unsigned(4) * 2 ** 32 + this.#unsigned(4);
			default:
				throw unexpected();
		}
	}

	#unsigned(size: 1 | 2 | 4): number {
		const from = this.#at;
		this.#at += size;
		if (this.#at > this.#packed.length) throw unexpected();
		if (size === 1) return this.#packed.readUInt8(from);
		return size === 2 ? this.#packed.readUInt16BE(from) : this.#packed.readUInt32BE(from);
	}
}

/** A type byte that is never valid here. */
const unknown = 0xc1;

const unexpected = () => new Error('the server has packed the reply of a script in an unexpected way');
