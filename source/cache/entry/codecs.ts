import type {Codec} from '../api/cache-options.js';
import {InvalidValueError} from '../api/errors.js';
import {msgpack} from './msgpack-codec.js';
import {copyOf} from './own-memory.js';

const json: Codec = {
	id: 'j',
	encode(value) {
		const text: string | undefined = JSON.stringify(value);
		if (text === undefined) throw new InvalidValueError(`a ${typeof value} cannot be stored as JSON`);
		return text;
	},
	decode: (bytes) => JSON.parse(bytes.toString('utf8')) as unknown,
};

const buffer: Codec = {
	id: 'r',
	encode(value) {
		if (!(value instanceof Uint8Array))
			throw new InvalidValueError(`the buffer codec stores Buffers and Uint8Arrays, not a ${typeof value}`);
		// A copy: the caller may continue to write into its buffer.
		return copyOf(value);
	},
	// A copy: a slice would keep the whole network chunk alive for as long as the value.
	decode: copyOf,
};

/** The built-in codecs. Their ids are lower-case letters. */
export const builtInCodecs: Readonly<Record<string, Codec>> = {json, msgpack, buffer};
