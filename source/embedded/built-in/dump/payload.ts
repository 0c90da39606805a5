import {Buffer} from 'node:buffer';
import type {Value} from '../store/entry.js';
import {crc64} from './crc64.js';
import {readValue} from './read-value.js';
import {writeValue} from './write-value.js';

/** The version of the file format of Redis 7.0. */
const version = 10;
const checksumBytes = 8;
const versionBytes = 2;

/** The payload of DUMP: the value, the version of the format, and a checksum of both. */
export function payloadOf(value: Value): string {
	const bytes = writeValue(value) + String.fromCharCode(version & 255, version >> 8);
	return bytes + crc64(bytes);
}

/** True if the payload is complete and has a supported format. */
export function isIntact(payload: string): boolean {
	const end = payload.length - checksumBytes - versionBytes;
	if (end < 0) return false;
	const written = payload.charCodeAt(end) | (payload.charCodeAt(end + 1) << 8);
	return written <= version && crc64(payload.slice(0, -checksumBytes)) === payload.slice(-checksumBytes);
}

/** The value in an intact payload. Throws `BadFormat`. */
export function valueIn(payload: string): Value {
	return readValue(Buffer.from(payload.slice(0, -checksumBytes - versionBytes), 'latin1'));
}
