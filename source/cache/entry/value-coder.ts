import {brotliCompressSync, brotliDecompressSync, constants, deflateRawSync, inflateRawSync} from 'node:zlib';
import {InvalidArgumentError} from '../../pool/errors.js';
import type {CacheOptions, Codec} from '../api/cache-options.js';
import {InvalidValueError} from '../api/errors.js';
import {builtInCodecs} from './codecs.js';
import {loadMsgpackr, msgpack} from './msgpack-codec.js';
import {inOwnMemory} from './own-memory.js';

/** A value encoded and compressed, as it is stored in Redis. */
export type Encoded = {
	/** Id of the codec. */
	readonly codec: string;
	/** `-` none, `d` deflate, `b` brotli. */
	readonly compression: string;
	readonly payload: Buffer | string;
	readonly bytes: number;
};

/** Encodes and compresses values within the size limit, and decodes them. */
export class ValueCoder {
	/** True if the codec is the application's. */
	readonly isCustom: boolean;
	readonly #codec: Codec;
	readonly #known: ReadonlyMap<string, Codec>;
	readonly #thresholdBytes: number;
	readonly #algorithm: 'deflate' | 'brotli';
	readonly #maxBytes: number;

	/** @throws {InvalidArgumentError} an option cannot be used. */
	constructor(options: Pick<CacheOptions, 'codec' | 'compression' | 'maxValueBytes'>) {
		this.#codec = chooseCodec(options.codec ?? 'json');
		this.isCustom = typeof options.codec === 'object';
		// A missing msgpackr is reported by the constructor, not by the first write.
		if (this.#codec === msgpack) loadMsgpackr();
		this.#known = new Map([...Object.values(builtInCodecs), this.#codec].map((known) => [known.id, known]));
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

	/** @throws {InvalidValueError} the value cannot be encoded, or is too large. */
	encode(value: unknown): Encoded {
		if (value === undefined) throw new InvalidValueError('undefined cannot be stored: use null, or delete the key');
		const payload = this.#encode(value);
		const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
		// Before compression: the limit also bounds the memory that decoding takes.
		if (bytes > this.#maxBytes)
			throw new InvalidValueError(`the value has ${bytes} bytes, more than maxValueBytes (${this.#maxBytes})`);
		return (
			(bytes > this.#thresholdBytes ? this.#compress(payload, bytes) : undefined) ?? {
				codec: this.#codec.id,
				compression: '-',
				payload,
				bytes,
			}
		);
	}

	/**
	 * @param from Index in `payload` at which the value begins.
	 * @throws whatever the codec throws for bytes that it did not write; the caller counts a miss.
	 */
	decode(codec: string, compression: string, payload: Buffer | string, from = 0): unknown {
		// The usual case, without a copy of the bytes.
		if (codec === 'j' && compression === '-')
			return JSON.parse(typeof payload === 'string' ? payload : payload.toString('utf8', from));
		const decoder = this.#known.get(codec);
		if (decoder === undefined) throw new InvalidValueError(`there is no codec ${JSON.stringify(codec)}`);
		let bytes = typeof payload === 'string' ? Buffer.from(payload) : payload.subarray(from);
		// A few bytes must not inflate to gigabytes: nothing larger than this was ever encoded.
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

	#encode(value: unknown): Buffer | string {
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
		if (typeof payload === 'string') return payload;
		if (payload instanceof Uint8Array) return inOwnMemory(payload);
		throw new InvalidValueError(
			`the codec ${JSON.stringify(this.#codec.id)} must return a Buffer or a string, not ${payload === null ? 'null' : typeof payload}`,
		);
	}

	/** @returns `undefined` if compression makes the value no smaller. */
	#compress(payload: Buffer | string, bytes: number): Encoded | undefined {
		const input = typeof payload === 'string' ? Buffer.from(payload) : payload;
		const isBrotli = this.#algorithm === 'brotli';
		const packed = isBrotli
			? brotliCompressSync(input, {params: {[constants.BROTLI_PARAM_QUALITY]: 4}})
			: deflateRawSync(input);
		if (packed.length >= bytes) return undefined;
		return {
			codec: this.#codec.id,
			compression: isBrotli ? 'b' : 'd',
			payload: inOwnMemory(packed),
			bytes: packed.length,
		};
	}
}

function chooseCodec(chosen: NonNullable<CacheOptions['codec']>): Codec {
	const codec = typeof chosen === 'string' ? builtInCodecs[chosen] : chosen;
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
	return codec;
}
