import {brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync} from 'node:zlib';
import {InvalidArgumentError} from '../../pool/errors.js';
import {InvalidValueError} from '../api/errors.js';
import type {CacheOptions, Codec} from '../api/types.js';
import {loadMsgpackr, msgpack} from './msgpack-codec.js';

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
		// A copy: the caller may go on writing into its own.
		return Buffer.from(value);
	},
	// A copy: a slice would keep the whole network chunk alive for as long as the value.
	decode: (bytes) => Buffer.from(bytes),
};

const builtIn: Readonly<Record<string, Codec>> = {json, msgpack, buffer};

/** An encoded value as it lies in Redis. */
export type Encoded = {
	readonly codec: string;
	readonly compression: string;
	readonly payload: Buffer | string;
	readonly bytes: number;
};

/** Encodes, compresses and bounds values; and back. */
export class ValueCoder {
	readonly #codec: Codec;
	readonly #known: ReadonlyMap<string, Codec>;
	readonly #thresholdBytes: number;
	readonly #algorithm: 'deflate' | 'brotli';
	readonly #maxBytes: number;

	constructor(options: Pick<CacheOptions, 'codec' | 'compression' | 'maxValueBytes'>) {
		const chosen = options.codec ?? 'json';
		const codec = typeof chosen === 'string' ? builtIn[chosen] : chosen;
		if (codec === undefined)
			throw new InvalidArgumentError(
				`codec ${JSON.stringify(chosen)} is unknown: use json, msgpack, buffer or a codec of your own`,
			);
		if (
			typeof codec !== 'object' ||
			codec === null ||
			typeof codec.encode !== 'function' ||
			typeof codec.decode !== 'function'
		)
			throw new InvalidArgumentError('codec must be json, msgpack, buffer, or an object with id, encode and decode');
		if (!/^[\w-]$/.test(codec.id))
			throw new InvalidArgumentError(`the id of a codec must be one letter or digit, not ${JSON.stringify(codec.id)}`);
		if (typeof chosen !== 'string' && /^[a-z]$/.test(codec.id)) {
			throw new InvalidArgumentError(
				`the codec id ${JSON.stringify(codec.id)} is kept for built-in codecs: use an upper-case letter or a digit`,
			);
		}
		// An application that lacks msgpackr learns it here, and not from its first write.
		if (codec === msgpack) loadMsgpackr();
		this.#codec = codec;
		this.#known = new Map([...Object.values(builtIn), codec].map((known) => [known.id, known]));
		const compression = options.compression === false ? undefined : (options.compression ?? {});
		this.#thresholdBytes =
			compression === undefined ? Number.POSITIVE_INFINITY : (compression.thresholdBytes ?? 16_384);
		this.#algorithm = compression?.algorithm ?? 'deflate';
		if (this.#algorithm !== 'deflate' && this.#algorithm !== 'brotli')
			throw new InvalidArgumentError(
				`compression.algorithm ${JSON.stringify(this.#algorithm)} is unknown: use deflate or brotli`,
			);
		this.#maxBytes = options.maxValueBytes ?? 8_388_608;
		for (const [name, bytes] of [
			['compression.thresholdBytes', this.#thresholdBytes],
			['maxValueBytes', this.#maxBytes],
		] as const) {
			if (!(bytes >= 0)) throw new InvalidArgumentError(`${name} must be a number of bytes, not ${bytes}`);
		}
	}

	/** @throws {InvalidValueError} it cannot be encoded, or is too large. */
	encode(value: unknown): Encoded {
		if (value === undefined) throw new InvalidValueError('undefined cannot be stored: use null, or delete the key');
		let payload: Buffer | string;
		try {
			payload = this.#codec.encode(value);
		} catch (error) {
			if (error instanceof InvalidValueError) throw error;
			throw new InvalidValueError(
				`the value cannot be encoded: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
				{cause: error},
			);
		}
		if (typeof payload !== 'string' && !(payload instanceof Uint8Array))
			throw new InvalidValueError(
				`the codec ${JSON.stringify(this.#codec.id)} must return a Buffer or a string, not ${payload === null ? 'null' : typeof payload}`,
			);
		let bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
		if (bytes > this.#maxBytes) throw tooLarge(bytes, this.#maxBytes);
		let compression = '-';
		if (bytes > this.#thresholdBytes) {
			const input = typeof payload === 'string' ? Buffer.from(payload) : payload;
			const packed =
				this.#algorithm === 'brotli'
					? brotliCompressSync(input, {params: {[constants.BROTLI_PARAM_QUALITY]: 4}})
					: deflateRawSync(input);
			if (packed.length < bytes) {
				payload = packed;
				bytes = packed.length;
				compression = this.#algorithm === 'brotli' ? 'b' : 'd';
			}
		}
		return {codec: this.#codec.id, compression, payload, bytes};
	}

	/**
	 * @param from Where in `payload` the value begins.
	 * @throws whatever the codec throws on bytes that are not its own; the caller counts a miss.
	 */
	decode(codec: string, compression: string, payload: Buffer | string, from = 0): unknown {
		// The usual case, without a copy of the bytes.
		if (codec === 'j' && compression === '-')
			return JSON.parse(typeof payload === 'string' ? payload : payload.toString('utf8', from));
		const decoder = this.#known.get(codec);
		if (decoder === undefined) throw new InvalidValueError(`there is no codec ${JSON.stringify(codec)}`);
		let bytes = typeof payload === 'string' ? Buffer.from(payload) : payload.subarray(from);
		// A bomb of a few bytes must not become gigabytes: nothing is encoded that has more than this.
		const limit = {maxOutputLength: Math.max(1, Math.min(this.#maxBytes, 0x7f_ff_ff_ff))};
		if (compression === 'd') bytes = inflateRawSync(bytes, limit);
		else if (compression === 'b') bytes = brotliDecompressSync(bytes, limit);
		else if (compression !== '-') throw new InvalidValueError(`there is no compression ${JSON.stringify(compression)}`);
		const value: unknown = decoder.decode(bytes);
		if (value === undefined || value instanceof Promise) {
			if (value instanceof Promise) value.catch(() => {});
			throw new InvalidValueError(
				`the codec ${JSON.stringify(codec)} must return a value when it decodes, not ${value === undefined ? 'undefined' : 'a promise'}`,
			);
		}
		return value;
	}
}

function tooLarge(bytes: number, limit: number): InvalidValueError {
	return new InvalidValueError(`the value has ${bytes} bytes, more than maxValueBytes (${limit})`);
}
