import {createRequire as createNodeRequire} from 'node:module';
import {MissingPackageError} from '../../pool/errors.js';
import type {Codec} from '../api/cache-options.js';
import {InvalidValueError} from '../api/errors.js';
import {hasProtoKey} from './proto-key.js';

type Packer = {pack(value: unknown): Buffer; unpack(bytes: Buffer): unknown};
type Msgpackr = {readonly Packr: new (options: object) => Packer};

let packer: Packer | MissingPackageError | undefined;

/**
 * msgpackr is an optional peer dependency, loaded at its first use. The outcome is cached, failures included, so that a process
 * without the package does not search the disk for it at each entry.
 *
 * @throws {MissingPackageError} the application has not installed msgpackr.
 */
export function loadMsgpackr(): Packer {
	packer ??= createPacker();
	if (packer instanceof MissingPackageError) throw packer;
	return packer;
}

/**
 * Loads synchronously, since the constructor of a cache does. Bundlers follow both calls, and treat the package as
 * optional since they are in `try`. An ES module that Node.js itself runs has no `require`.
 */
function createPacker(): Packer | MissingPackageError {
	let msgpackr: Msgpackr;
	try {
		msgpackr = require('msgpackr');
	} catch {
		try {
			msgpackr = createNodeRequire(import.meta.url)('msgpackr');
		} catch (error) {
			return new MissingPackageError('msgpackr', "codec 'msgpack'", {cause: error});
		}
	}
	// Records distinguish objects from Maps, and support cycles. Each value contains its own record definitions, so it can be
	// decoded by itself.
	return new msgpackr.Packr({structuredClone: true, useRecords: true, mapsAsObjects: false, copyBuffers: true});
}

/** MessagePack: keeps Dates, Maps, Sets, BigInts, typed arrays and cycles. */
export const msgpack: Codec = {
	id: 'm',
	encode(value) {
		if (typeof value === 'function') throw new InvalidValueError('a function cannot be stored as MessagePack');
		const bytes = loadMsgpackr().pack(value);
		// msgpackr would decode this key as `__proto_`. Searching the bytes is cheap, and rules out most values.
		if (bytes.includes('__proto__') && hasProtoKey(value))
			throw new InvalidValueError(
				'a key "__proto__" cannot be stored as MessagePack: rename it, or use the json codec',
			);
		return bytes;
	},
	decode: (bytes) => loadMsgpackr().unpack(bytes),
};
