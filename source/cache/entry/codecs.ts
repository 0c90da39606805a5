import {Packr} from 'msgpackr';
import type {Codec} from '../api/cache-options.js';
import {InvalidValueError} from '../api/errors.js';
import {hasProtoKey} from './proto-key.js';

const json: Codec = {
	id: 'j',
	encode(value) {
		const text: string | undefined = JSON.stringify(value);
		if (text === undefined) throw new InvalidValueError(`a ${typeof value} cannot be stored as JSON`);
		return text;
	},
	decode: (bytes) => JSON.parse(bytes.toString('utf8')) as unknown,
};

/** Records tell objects from Maps, and carry cycles. Each value contains its own record definitions, so it decodes alone. */
const packr = new Packr({structuredClone: true, useRecords: true, mapsAsObjects: false});
const msgpack: Codec = {
	id: 'm',
	encode(value) {
		if (typeof value === 'function') throw new InvalidValueError('a function cannot be stored as MessagePack');
		const bytes = packr.pack(value);
		// msgpackr would decode the key as `__proto_`. The search of the bytes is cheap, and rules out most values.
		if (bytes.includes('__proto__') && hasProtoKey(value))
			throw new InvalidValueError(
				'a key "__proto__" cannot be stored as MessagePack: rename it, or use the json codec',
			);
		return bytes;
	},
	decode: (bytes) => packr.unpack(bytes) as unknown,
};

const buffer: Codec = {
	id: 'r',
	encode(value) {
		if (!(value instanceof Uint8Array))
			throw new InvalidValueError(`the buffer codec stores Buffers and Uint8Arrays, not a ${typeof value}`);
		// A copy: the caller may go on writing into its buffer.
		return Buffer.from(value);
	},
	// A copy: a slice would keep the whole network chunk alive for as long as the value.
	decode: (bytes) => Buffer.from(bytes),
};

/** The built-in codecs. Their ids are lower-case letters. */
export const builtInCodecs: Readonly<Record<string, Codec>> = {json, msgpack, buffer};
