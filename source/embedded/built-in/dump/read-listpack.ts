import {BadFormat, ByteReader} from './byte-reader.js';

const headerBytes = 6;
const end = 0xff;

/** The elements of a listpack, Redis's encoding of small collections. */
export function readListpack(bytes: Buffer): string[] {
	const reader = new ByteReader(bytes);
	reader.take(headerBytes);
	const items: string[] = [];
	for (let first = reader.byte(); first !== end; first = reader.byte()) {
		const [item, size] = readElement(reader, first);
		items.push(item);
		reader.take(lengthBytes(size));
	}
	return items;
}

/** An element with the number of its bytes. */
function readElement(reader: ByteReader, first: number): readonly [item: string, size: number] {
	const textOf = (size: number, headBytes: number) => [reader.text(size), headBytes + size] as const;
	if (first < 0x80) return [String(first), 1];
	if (first < 0xc0) return textOf(first & 0x3f, 1);
	if (first < 0xe0) {
		const value = ((first & 0x1f) << 8) | reader.byte();
		return [String(value >= 0x1000 ? value - 0x2000 : value), 2];
	}
	if (first < 0xf0) return textOf(((first & 0x0f) << 8) | reader.byte(), 2);
	if (first === 0xf0) return textOf(reader.unsigned(4), 5);
	const size = [2, 3, 4, 8][first - 0xf1];
	if (size === undefined) throw new BadFormat();
	return [reader.integerText(size), 1 + size];
}

/** The number of bytes after an element that repeat its size. */
function lengthBytes(size: number): number {
	if (size < 128) return 1;
	if (size < 16_383) return 2;
	if (size < 2_097_151) return 3;
	return size < 268_435_455 ? 4 : 5;
}
