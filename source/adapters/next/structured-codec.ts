import {deserialize, serialize} from 'node:v8';
import type {Codec} from '../../cache/api/cache-options.js';

/**
 * A codec that keeps Buffers and Maps, of which the values of Next.js consist. Newer versions of Node.js can read what older
 * ones have written.
 */
export const structured: Codec = {
	id: 'V',
	encode: (value) => serialize(value),
	// Copied, because the Buffers in the result share the memory of `bytes`, which is only valid during the call.
	decode: (bytes) => deserialize(Buffer.from(bytes)),
};
