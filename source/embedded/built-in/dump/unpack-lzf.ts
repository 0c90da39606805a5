import {BadFormat, ByteReader} from './byte-reader.js';

/** LZF's best ratio: three bytes encode up to 264. */
const maxRatio = 88;
const longRepetition = 7;

/** Unpacks what Redis has compressed with LZF. */
export function unpackLzf(packed: Buffer, size: number): Buffer {
	if (size > packed.length * maxRatio) throw new BadFormat();
	const reader = new ByteReader(packed);
	const result = Buffer.alloc(size);
	let filled = 0;
	const check = (more: number): void => {
		if (filled + more > size) throw new BadFormat();
	};
	while (!reader.isAtEnd) {
		const control = reader.byte();
		if (control < 32) {
			check(control + 1);
			filled += reader.take(control + 1).copy(result, filled);
			continue;
		}
		const lengthBits = control >> 5;
		const repeated = 2 + (lengthBits === longRepetition ? longRepetition + reader.byte() : lengthBits);
		let from = filled - 1 - (((control & 31) << 8) | reader.byte());
		check(repeated);
		if (from < 0) throw new BadFormat();
		// Byte by byte, since the source may overlap the bytes that are being written.
		for (let count = 0; count < repeated; count++) result[filled++] = result[from++] ?? 0;
	}
	if (filled !== size) throw new BadFormat();
	return result;
}
