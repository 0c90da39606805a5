import {parseEntry, type StoredEntry} from '../cache/entry/entry.js';
import {ValueCoder} from '../cache/entry/value-coder.js';

/** What the header of an entry of the cache says. Times are Unix time in milliseconds, of the server's clock. */
export type EntryFacts = {
	readonly kind: StoredEntry['kind'];
	/** Grows with each write: the server's time in µs. */
	readonly version: number;
	/** When the value was obtained: for a load, when the loader began. */
	readonly asOf: number;
	readonly freshUntil: number;
	/** As it was given. */
	readonly ttlMs: number;
	readonly graceMs: number;
	readonly tags: readonly string[];
	/** Bytes of the value as it is stored. */
	readonly valueBytes: number;
	readonly isCompressed: boolean;
	/** The value as JSON on one line, if it is JSON and short enough to be edited. */
	readonly json: string | undefined;
};

/** Longer values are not for editing in one line. */
const maxEditable = 4096;
const coder = new ValueCoder({});

function jsonOf(entry: StoredEntry): string | undefined {
	if (entry.kind !== 'value') return undefined;
	try {
		const json = JSON.stringify(coder.decode(entry.codec, entry.compression, entry.bytes, entry.payloadAt));
		return json !== undefined && json.length <= maxEditable ? json : undefined;
	} catch {
		return undefined;
	}
}

/** `undefined` when the bytes are not an entry of the cache. */
export function entryFacts(bytes: Buffer): EntryFacts | undefined {
	const entry = parseEntry(bytes);
	if (typeof entry === 'string') return undefined;
	const {kind, version, ttlMs, graceMs, tags} = entry;
	return {
		kind,
		version,
		asOf: entry.asOf / 1000,
		freshUntil: entry.freshUntil / 1000,
		ttlMs,
		graceMs,
		tags,
		valueBytes: entry.bytes.length - entry.payloadAt,
		isCompressed: entry.compression !== '-',
		json: jsonOf(entry),
	};
}
