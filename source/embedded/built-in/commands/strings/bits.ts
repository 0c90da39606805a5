import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {maxLength} from '../../values/max-length.js';
import {integerOf, isWord, numberOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, syntaxError, tooLong} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {readString, stringOf} from '../typed.js';

const maxBits = 2 ** 32;
const badOffset = new CommandError('ERR bit offset is not an integer or out of range');
const badBit = new CommandError('ERR bit is not an integer or out of range');
const badValue = new CommandError('ERR The bit argument must be 1 or 0.');

function offsetOf(text: string): number {
	const offset = numberOf(text, badOffset);
	if (offset < 0 || offset >= maxBits) throw badOffset;
	return offset;
}

function bitAt(value: string, offset: number): 0 | 1 {
	const code = value.charCodeAt(offset >> 3);
	return Number.isNaN(code) ? 0 : (((code >> (7 - (offset & 7))) & 1) as 0 | 1);
}

function setBit(client: Client, args: Args): Reply {
	const [, key, offsetText, bitText] = args;
	const offset = offsetOf(offsetText);
	const bit = numberOf(bitText, badBit);
	if (bit !== 0 && bit !== 1) throw badBit;
	const entry = client.db.write(key);
	const place = Math.floor(offset / 8);
	if (place >= maxLength) throw tooLong;
	const padded = (stringOf(entry) ?? '').padEnd(place + 1, '\0');
	const code = padded.charCodeAt(place);
	const mask = 1 << (7 - (offset % 8));
	const next = String.fromCharCode(bit === 1 ? code | mask : code & ~mask);
	const value = padded.slice(0, place) + next + padded.slice(place + 1);
	const changed = entry ?? client.db.add(key, value);
	changed.value = value;
	changed.encoding = 'raw';
	client.db.changed(key);
	return (code & mask) === 0 ? 0 : 1;
}

function getBit(client: Client, args: Args): Reply {
	const offset = offsetOf(args[2]);
	const value = readString(client, args[1]) ?? '';
	return Math.floor(offset / 8) < value.length ? bitAt(value.charAt(Math.floor(offset / 8)), offset % 8) : 0;
}

/** The range of BITCOUNT and BITPOS in bits, both ends included. Empty if the first is behind the last. */
function bitRange(value: string, start: string | undefined, end: string | undefined, unit: string | undefined) {
	const inBits = isWord(unit, 'BIT');
	if (unit !== undefined && !inBits && !isWord(unit, 'BYTE')) throw syntaxError;
	const total = inBits ? value.length * 8 : value.length;
	let first = start === undefined ? 0 : Number(integerOf(start));
	let last = end === undefined ? total - 1 : Number(integerOf(end));
	if (first < 0) first = Math.max(0, total + first);
	if (last < 0) last = Math.max(0, total + last);
	last = Math.min(last, total - 1);
	return inBits ? {first, last} : {first: first * 8, last: last * 8 + 7};
}

function bitCount(client: Client, args: Args): Reply {
	const [, key, start, end, unit] = args as readonly string[];
	const value = readString(client, key ?? '');
	if (value === undefined) return 0;
	if (args.length === 3 || args.length > 5) throw syntaxError;
	// Redis checks the numbers before the unit.
	if (args.length > 3) for (const text of [start, end]) integerOf(text);
	const range = bitRange(value, start, end, unit);
	// If both ends are negative and in the wrong order, the range is empty for BITCOUNT, but BITPOS clamps ends before the
	// string to zero.
	if (start?.startsWith('-') && end?.startsWith('-') && Number(start) > Number(end)) return 0;
	let count = 0;
	for (let offset = range.first; offset <= range.last; ) {
		if (offset % 8 === 0 && offset + 7 <= range.last) {
			for (let code = value.charCodeAt(offset / 8); code !== 0; code &= code - 1) count++;
			offset += 8;
		} else count += bitAt(value, offset++);
	}
	return count;
}

function bitPosition(client: Client, args: Args): Reply {
	const [, key, bitText, start, end, unit] = args as readonly string[];
	const bit = numberOf(bitText);
	if (bit !== 0 && bit !== 1) throw badValue;
	const value = readString(client, key ?? '');
	if (value === undefined) return bit === 1 ? -1 : 0;
	if (args.length > 6) throw syntaxError;
	if (start !== undefined) integerOf(start);
	const range = bitRange(value, start, end, unit);
	if (range.first > range.last) return -1;
	for (let offset = range.first; offset <= range.last; offset++) if (bitAt(value, offset) === bit) return offset;
	// Without an explicit end, the first zero may be the bit right after the string.
	return bit === 0 && end === undefined ? value.length * 8 : -1;
}

const bitmap = {categories: 'bitmap', keys: oneKey} as const;

export const bitCommands: readonly Definition[] = [
	{name: 'setbit', arity: 4, flags: 'write denyoom', ...bitmap, access: 'RW access update', run: setBit},
	{name: 'getbit', arity: 3, flags: 'readonly fast', ...bitmap, run: getBit},
	{name: 'bitcount', arity: -2, flags: 'readonly', ...bitmap, run: bitCount},
	{name: 'bitpos', arity: -3, flags: 'readonly', ...bitmap, run: bitPosition},
];
