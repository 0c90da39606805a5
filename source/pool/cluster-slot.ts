import {Command} from 'ioredis';
import type {Argument} from './types.js';

const crcTable = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
	let crc = byte << 8;
	for (let bit = 0; bit < 8; bit++) crc = crc & 0x80_00 ? (crc << 1) ^ 0x10_21 : crc << 1;
	crcTable[byte] = crc;
}

/** The part of a key that decides its slot: between the first `{` and the next `}`, unless that is empty. */
const hashTag = (key: string): string => {
	const open = key.indexOf('{');
	if (open === -1) return key;
	const close = key.indexOf('}', open + 1);
	return close === -1 || close === open + 1 ? key : key.slice(open + 1, close);
};

/**
 * The cluster slot of a key, 0 to 16383, as `CLUSTER KEYSLOT` computes it: CRC-16/XMODEM of its hash tag, modulo 16384.
 */
export const clusterSlot = (key: string): number => {
	const text = hashTag(key);
	let crc = 0;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code > 0x7f) return slotOfBytes(Buffer.from(text));
		crc = next(crc, code);
	}
	return crc & 0x3f_ff;
};

const slotOfBytes = (bytes: Uint8Array): number => {
	let crc = 0;
	for (const byte of bytes) crc = next(crc, byte);
	return crc & 0x3f_ff;
};

const next = (crc: number, byte: number): number =>
	((crc << 8) ^ (crcTable[((crc >> 8) ^ byte) & 0xff] as number)) & 0xff_ff;

/** The slot of the first key of a command; undefined for a command without keys, or one that ioredis does not know. */
export const commandSlot = (command: string, args: readonly Argument[]): number | undefined =>
	new Command(command, [...args]).getSlot() ?? undefined;
