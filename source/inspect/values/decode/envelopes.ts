/** The metadata that a cache library has stored around a value. */
export type Envelope = {
	/** Name of the library: `bentocache`, `Keyv or cacheable`, `Rails.cache`. */
	readonly library: string;
	/** Unix time in milliseconds. */
	readonly writtenAt: number | undefined;
	/** When the value becomes stale for the library, independent of its TTL in Redis. Unix time in milliseconds. */
	readonly expiresAt: number | undefined;
	readonly tags: readonly string[];
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const timeOf = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined);

/** The envelope of a library that writes objects as JSON or MessagePack. */
export function envelopeOf(value: unknown): Envelope | undefined {
	if (!isRecord(value) || !('value' in value)) return undefined;
	if ('logicalExpiration' in value && 'createdAt' in value) {
		const {tags} = value;
		return {
			library: 'bentocache',
			writtenAt: timeOf(value.createdAt),
			expiresAt: timeOf(value.logicalExpiration),
			tags: Array.isArray(tags) ? tags.map(String) : [],
		};
	}
	if (Object.keys(value).every((name) => name === 'value' || name === 'expires') && 'expires' in value)
		return {library: 'Keyv or cacheable', writtenAt: undefined, expiresAt: timeOf(value.expires), tags: []};
	return undefined;
}

/** The value in an entry of `Rails.cache`, with its format. */
type RailsEntry = {readonly envelope: Envelope; readonly payload: Buffer; readonly format: string | undefined};

/** Length of the header of Rails 7.1 and later: signature, type, expiry in seconds (a double), length of the version. */
const railsHeaderBytes = 15;
const railsCompressed = 0x80;
const railsObject = 0x01;

/** Parses an entry of `Rails.cache`. Returns undefined for other bytes. */
export function railsEntry(bytes: Buffer): RailsEntry | undefined {
	const isPacked = bytes.length >= railsHeaderBytes && bytes[0] === 0x00 && bytes[1] === 0x11;
	const envelope = (expiresAt: number | undefined): Envelope => ({
		library: 'Rails.cache',
		writtenAt: undefined,
		expiresAt,
		tags: [],
	});
	if (isPacked) {
		const kind = bytes[2] ?? 0;
		const expiresAt = bytes.readDoubleLE(3);
		const payload = bytes.subarray(railsHeaderBytes + Math.max(0, bytes.readInt32LE(11)));
		const isObject = (kind & ~railsCompressed) === railsObject;
		// A compressed payload is recognized by its first bytes.
		const format = isObject && (kind & railsCompressed) === 0 ? 'Ruby Marshal' : undefined;
		return {envelope: envelope(expiresAt > 0 ? expiresAt * 1000 : undefined), payload, format};
	}
	if (bytes[0] === 0x04 && bytes[1] === 0x08 && bytes.subarray(0, 64).includes('ActiveSupport::Cache::Entry'))
		return {envelope: envelope(undefined), payload: bytes, format: 'Ruby Marshal'};
	return undefined;
}

/** The library that has written a serialized value without metadata, if the name of its key shows it. */
export function libraryOfKey(key: string, format: string): string | undefined {
	if (format === 'PHP serialize' && /laravel|_cache_?:/i.test(key)) return 'Laravel';
	if (format === 'Python pickle' && /^[^:]*:\d+:/.test(key)) return 'Django';
	return undefined;
}
