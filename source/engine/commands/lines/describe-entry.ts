import {parseEntry, type StoredEntry} from '../../../cache/entry/entry.js';
import {ValueCoder} from '../../../cache/entry/value-coder.js';
import type {StringDecoder} from '../../../inspect/values/preview-value.js';
import {formatDuration} from '../../../text/duration.js';
import {valueLines} from './value-lines.js';

/** The header of a cache entry. Times are Unix time in milliseconds, by the server's clock. */
export type EntryFacts = {
	readonly kind: StoredEntry['kind'];
	/** Server time of the write, in µs. Grows with each write of the key. */
	readonly version: number;
	/** Time at which the value was obtained; for a loaded value, the start of its loader. */
	readonly asOf: number;
	readonly freshUntil: number;
	/** The requested TTL. */
	readonly ttlMs: number;
	readonly graceMs: number;
	readonly tags: readonly string[];
	/** Size of the stored value, after compression. */
	readonly valueBytes: number;
	readonly isCompressed: boolean;
	/** The value as one line of JSON; undefined when it is not JSON or too long to edit in one line. */
	readonly json: string | undefined;
};

/** Longest JSON that can be edited in one line, in characters. */
const maxEditable = 4096;

const coder = new ValueCoder({});

const kinds: Readonly<Record<StoredEntry['kind'], string>> = {
	value: 'cache entry',
	absent: 'cache entry: remembered as absent',
	lease: 'lease of a running load',
};

const decode = (entry: StoredEntry): unknown =>
	coder.decode(entry.codec, entry.compression, entry.bytes, entry.payloadAt);

function decodedLines(entry: StoredEntry): string[] {
	try {
		return valueLines(decode(entry));
	} catch (error) {
		return [`(cannot be decoded: ${error instanceof Error ? error.message : String(error)})`];
	}
}

function jsonOf(entry: StoredEntry): string | undefined {
	if (entry.kind !== 'value') return undefined;
	try {
		const json = JSON.stringify(decode(entry));
		return json !== undefined && json.length <= maxEditable ? json : undefined;
	} catch {
		return undefined;
	}
}

const valueBytes = ({bytes, payloadAt}: StoredEntry) => bytes.length - payloadAt;

/** A cache entry as lines for people, the first about the entry itself; undefined when the bytes are not an entry. */
export function describeEntry(bytes: Buffer): ReturnType<StringDecoder> {
	const entry = parseEntry(bytes);
	if (typeof entry === 'string') return undefined;
	const facts = [
		kinds[entry.kind],
		`version ${entry.version}`,
		`TTL ${formatDuration(entry.ttlMs)}`,
		...(entry.graceMs > 0 ? [`grace ${formatDuration(entry.graceMs)}`] : []),
		...(entry.tags.length > 0 ? [`tags ${entry.tags.join(' ')}`] : []),
		`${valueBytes(entry)} B${entry.compression === '-' ? '' : ', compressed'}`,
	];
	const value = entry.kind === 'value' ? decodedLines(entry) : [];
	return {formats: [kinds[entry.kind]], syntax: 'json', lines: [facts.join(', '), ...value]};
}

/** The header of a cache entry; undefined when the bytes are not a cache entry. */
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
		valueBytes: valueBytes(entry),
		isCompressed: entry.compression !== '-',
		json: jsonOf(entry),
	};
}
