import {deserialize, serialize} from 'node:v8';
import type {Codec} from '../../cache/api/cache-options.js';

/** Keeps Buffers and Maps, which pages consist of. Newer versions of Node.js read what older ones have written. */
export const structured: Codec = {
	id: 'V',
	encode: (value) => serialize(value),
	// The Buffers in a value are views of what it was made of, which does not outlive the call.
	decode: (bytes) => deserialize(Buffer.from(bytes)),
};
