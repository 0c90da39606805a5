import * as zlib from 'node:zlib';

/** Maximum length of an unpacked value in bytes. */
export const maxUnpackedBytes = 1024 * 1024;

type Unpack = (bytes: Buffer, options: {readonly maxOutputLength: number}) => Buffer;

/** The result of unpacking. `bytes` undefined: the format is known, but the value cannot be unpacked, for the given reason. */
export type Unpacked =
	| {readonly format: string; readonly bytes: Buffer}
	| {readonly format: string; readonly bytes: undefined; readonly reason: string};

// Available from Node.js 22.15 and 23.8 on.
const unzstd = (zlib as {readonly zstdDecompressSync?: Unpack}).zstdDecompressSync;

const isZlibHeader = (bytes: Buffer) =>
	((bytes[0] ?? 0) & 0x0f) === 8 && (bytes[0] ?? 0) >> 4 <= 7 && bytes.length > 2 && bytes.readUInt16BE(0) % 31 === 0;

const startsWith = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

/** Formats with a signature at the beginning. `unpack` undefined: they are only named. */
const marked: readonly {
	readonly format: string;
	readonly is: (bytes: Buffer) => boolean;
	readonly unpack?: Unpack | undefined;
}[] = [
	{format: 'gzip', is: (bytes) => startsWith(bytes, '1f8b08'), unpack: zlib.gunzipSync},
	{format: 'zstd', is: (bytes) => startsWith(bytes, '28b52ffd'), unpack: unzstd},
	{format: 'LZ4', is: (bytes) => startsWith(bytes, '04224d18')},
	{format: 'Snappy', is: (bytes) => startsWith(bytes, 'ff060000734e61507059')},
	{format: 'deflate', is: isZlibHeader, unpack: zlib.inflateSync},
];

/** Formats without a signature. They are tried last, and accepted only if the result is text. */
const unmarked: readonly {readonly format: string; readonly unpack: Unpack}[] = [
	{format: 'brotli', unpack: zlib.brotliDecompressSync},
	{format: 'raw deflate', unpack: zlib.inflateRawSync},
];

const isTooLarge = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';

/**
 * Unpacks a value with the signature of a compressed one. Returns undefined for other bytes.
 *
 * @param isWhole False: only the beginning of the value is there, and nothing can be unpacked.
 */
export function unpackMarked(bytes: Buffer, isWhole: boolean): Unpacked | undefined {
	const found = marked.find(({is}) => is(bytes));
	if (!found) return undefined;
	const {format, unpack} = found;
	const named = (reason: string) => ({format, bytes: undefined, reason});
	if (!unpack) return named('this program cannot decompress it');
	if (!isWhole) return format === 'deflate' ? undefined : named('it is too large to decompress');
	try {
		return {format, bytes: unpack(bytes, {maxOutputLength: maxUnpackedBytes})};
	} catch (error) {
		if (isTooLarge(error)) return named('it decompresses to more than 1 MiB');
		// The header of zlib has only two bytes, which other values may begin with by chance.
		return format === 'deflate' ? undefined : named('it is damaged');
	}
}

/** Unpacks bytes of a format without a signature, if `isMeaningful` accepts the result. */
export function unpackUnmarked(bytes: Buffer, isMeaningful: (unpacked: Buffer) => boolean): Unpacked | undefined {
	for (const {format, unpack} of unmarked) {
		try {
			const unpacked = unpack(bytes, {maxOutputLength: maxUnpackedBytes});
			if (unpacked.length > 0 && isMeaningful(unpacked)) return {format, bytes: unpacked};
		} catch {
			// The bytes are not in this format.
		}
	}
	return undefined;
}
