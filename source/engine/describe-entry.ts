import {parseEntry, type StoredEntry} from '../cache/entry/entry.js';
import {ValueCoder} from '../cache/entry/value-coder.js';
import {formatDuration} from '../text/duration.js';
import {valueLines} from './commands/format.js';

const coder = new ValueCoder({});

const kinds: Readonly<Record<StoredEntry['kind'], string>> = {
	value: 'entry of the cache',
	absent: '"not there", remembered',
	lease: 'lease of a load under way',
};

function decoded(entry: StoredEntry): string[] {
	try {
		return valueLines(coder.decode(entry.codec, entry.compression, entry.bytes, entry.payloadAt));
	} catch (error) {
		return [`(cannot be decoded: ${error instanceof Error ? error.message : String(error)})`];
	}
}

/** What the cache wrote under a key, for people; `undefined` when the bytes are not an entry of the cache. */
export function describeEntry(bytes: Buffer): readonly string[] | undefined {
	const entry = parseEntry(bytes);
	if (typeof entry === 'string') return undefined;
	const facts = [
		kinds[entry.kind],
		`version ${entry.version}`,
		`TTL ${formatDuration(entry.ttlMs)}`,
		...(entry.graceMs > 0 ? [`grace ${formatDuration(entry.graceMs)}`] : []),
		...(entry.tags.length > 0 ? [`tags ${entry.tags.join(' ')}`] : []),
		`${entry.bytes.length - entry.payloadAt} B${entry.compression === '-' ? '' : ', compressed'}`,
	];
	return [facts.join(', '), ...(entry.kind === 'value' ? decoded(entry) : [])];
}
