import {maxLength} from '../values/max-length.js';
import {BadFormat, type ByteReader} from './byte-reader.js';
import {unpackLzf} from './unpack-lzf.js';

/** The two highest bits of the first byte of a length; 3 stands for an encoding of a string. */
const encoded = 3;
const integerBytes: readonly (number | undefined)[] = [1, 2, 4];
const lzf = 3;

type Head = {readonly isEncoding: boolean; readonly value: number};

function readHead(reader: ByteReader): Head {
	const first = reader.byte();
	const kind = first >> 6;
	const rest = first & 63;
	if (kind === encoded) return {isEncoding: true, value: rest};
	if (kind === 0) return {isEncoding: false, value: rest};
	if (kind === 1) return {isEncoding: false, value: (rest << 8) | reader.byte()};
	// The form for 64-bit lengths is not supported: no value here is that long.
	if (first !== 0x80) throw new BadFormat();
	return {isEncoding: false, value: reader.unsignedFromHighest(4)};
}

export function readCount(reader: ByteReader): number {
	const {isEncoding, value} = readHead(reader);
	if (isEncoding) throw new BadFormat();
	return value;
}

export function readString(reader: ByteReader): Buffer {
	const {isEncoding, value} = readHead(reader);
	if (!isEncoding) return reader.take(value);
	const size = integerBytes[value];
	if (size !== undefined) return Buffer.from(reader.integerText(size));
	if (value !== lzf) throw new BadFormat();
	const packedSize = readCount(reader);
	const unpackedSize = readCount(reader);
	if (unpackedSize > maxLength) throw new BadFormat();
	return unpackLzf(reader.take(packedSize), unpackedSize);
}
