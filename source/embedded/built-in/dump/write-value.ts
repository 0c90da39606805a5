import {parseInteger} from '../numbers/integer.js';
import type {Value} from '../store/entry.js';
import {HashValue} from '../values/hash-value.js';
import {ListValue} from '../values/list-value.js';
import {SetValue} from '../values/set-value.js';
import {valueTypes} from './value-types.js';

/** Redis does not encode longer strings as integers. */
const maxIntegerText = 11;

/**
 * A value in Redis's file format, with the plain types: they are older than the packed ones, and every version of Redis reads
 * them.
 */
export function writeValue(value: Value): string {
	const parts: string[] = [];
	const start = (type: number): void => void parts.push(String.fromCharCode(type));
	if (typeof value === 'string') {
		start(valueTypes.string);
		parts.push(text(value));
	} else if (value instanceof ListValue) {
		start(valueTypes.list);
		parts.push(length(value.size), ...value.items().map(text));
	} else if (value instanceof SetValue) {
		start(valueTypes.set);
		parts.push(length(value.size), ...value.members().map(text));
	} else if (value instanceof HashValue) {
		start(valueTypes.hash);
		parts.push(length(value.size));
		for (const {key, value: content} of value.fields) parts.push(text(key), text(content));
	} else {
		start(valueTypes.sortedSet);
		parts.push(length(value.size));
		for (const {key, score} of value.slice(0, value.size)) parts.push(text(key), double(score));
	}
	return parts.join('');
}

function length(value: number): string {
	if (value < 64) return String.fromCharCode(value);
	if (value < 16_384) return String.fromCharCode(0x40 | (value >> 8), value & 255);
	return `\x80${bytesOf(4, (buffer) => buffer.writeUInt32BE(value))}`;
}

function text(value: string): string {
	const number = value.length <= maxIntegerText ? parseInteger(value) : undefined;
	if (typeof number === 'number') {
		if (number === (number << 24) >> 24) return `\xc0${bytesOf(1, (buffer) => buffer.writeInt8(number))}`;
		if (number === (number << 16) >> 16) return `\xc1${bytesOf(2, (buffer) => buffer.writeInt16LE(number))}`;
		if (number === (number | 0)) return `\xc2${bytesOf(4, (buffer) => buffer.writeInt32LE(number))}`;
	}
	return length(value.length) + value;
}

function double(value: number): string {
	return bytesOf(8, (buffer) => buffer.writeDoubleLE(value));
}

function bytesOf(size: number, write: (buffer: Buffer) => void): string {
	const buffer = Buffer.allocUnsafe(size);
	write(buffer);
	return buffer.toString('latin1');
}
