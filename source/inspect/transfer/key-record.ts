import {ServerError} from '../../pool/errors.js';
import {encodeRequest} from '../../resp/encode.js';
import {parseKey, printKey} from '../escape-bytes.js';
import {describeKeys} from '../keys/describe-keys.js';
import {bytesOf, type Sender} from '../sender.js';

/** A key with its complete value, serialized by Redis (DUMP), so that all types are supported, including streams and modules. */
export type KeyRecord = {
	/** Printable, see `printKey`. */
	readonly key: string;
	readonly type: string;
	/** Expiry, Unix time in milliseconds; null for a key that does not expire. */
	readonly expiresAt: number | null;
	/** The reply to DUMP, in Base64. */
	readonly dump: string;
};

/** Maximum size of a dumped key in the server's memory, in bytes, since its complete value is held in memory here. */
export const maxKeyBytes = 32 * 1024 * 1024;

/** Maximum total size of the keys that are dumped at once, in bytes. */
const maxBatchBytes = 4 * 1024 * 1024;

/**
 * Dumps keys, a few at a time. Keys that do not exist are left out, and so are those that take more than 32 MiB.
 *
 * @param onTooLarge Called with the number of keys that are left out because of their size.
 * @returns One list of records for each batch.
 */
export async function* dumpKeys(
	sender: Sender,
	keys: readonly Buffer[],
	onTooLarge: (keys: number) => void = () => undefined,
): AsyncGenerator<readonly KeyRecord[]> {
	const found = await describeKeys(sender, keys);
	const rows = found.filter(({bytes = 0}) => bytes <= maxKeyBytes);
	onTooLarge(found.length - rows.length);
	let batch: typeof rows = [];
	let size = 0;
	for (const row of rows) {
		batch.push(row);
		size += row.bytes ?? 0;
		if (size < maxBatchBytes) continue;
		yield await dumpBatch(sender, batch);
		batch = [];
		size = 0;
	}
	if (batch.length > 0) yield await dumpBatch(sender, batch);
}

async function dumpBatch(
	sender: Sender,
	rows: readonly {readonly key: string; readonly type: string; readonly ttlMs: number | undefined}[],
): Promise<readonly KeyRecord[]> {
	const now = Date.now();
	const dumps = await Promise.all(rows.map(({key}) => sender.send('DUMP', [parseKey(key)])));
	return rows.flatMap(({key, type, ttlMs}, index) => {
		const dump = dumps[index];
		if (dump === null || dump === undefined) return [];
		return [{key, type, expiresAt: ttlMs === undefined ? null : now + ttlMs, dump: bytesOf(dump).toString('base64')}];
	});
}

/**
 * `exists`: the key exists already, and is not changed. `expired`: its TTL has passed. `refused`: Redis cannot read the
 * dump, which may be from a newer version.
 */
export type RestoreOutcome = 'restored' | 'exists' | 'expired' | 'refused';

/** Restores a key. It never overwrites an existing one. */
export async function restoreKey(sender: Sender, {key, expiresAt, dump}: KeyRecord): Promise<RestoreOutcome> {
	const left = expiresAt === null ? 0 : expiresAt - Date.now();
	if (expiresAt !== null && left <= 0) return 'expired';
	try {
		await sender.send('RESTORE', [parseKey(key), Math.ceil(left), Buffer.from(dump, 'base64')]);
		return 'restored';
	} catch (error) {
		if (!(error instanceof ServerError)) throw error;
		if (error.prefix === 'BUSYKEY') return 'exists';
		if (/DUMP payload|Bad data format/i.test(error.message)) return 'refused';
		throw error;
	}
}

/** The command that restores a key, for `redis-cli --pipe`. */
export function restoreRequest({key, expiresAt, dump}: KeyRecord): Buffer {
	const words = [
		'RESTORE',
		parseKey(key).toString('latin1'),
		String(expiresAt ?? 0),
		Buffer.from(dump, 'base64').toString('latin1'),
		'ABSTTL',
	];
	return Buffer.from(encodeRequest(words), 'latin1');
}

/** Parses a line of a file of records; undefined if the line is not a record. */
export function parseRecord(line: string): KeyRecord | undefined {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return undefined;
	}
	if (typeof value !== 'object' || value === null) return undefined;
	const {key, type, expiresAt, dump} = value as Readonly<Record<string, unknown>>;
	if (typeof key !== 'string' || typeof type !== 'string' || typeof dump !== 'string') return undefined;
	if (expiresAt !== null && typeof expiresAt !== 'number') return undefined;
	return {key: printKey(parseKey(key)), type, expiresAt, dump};
}

/** Counts of the outcomes of many records. */
export type RestoreCounts = Readonly<Record<RestoreOutcome, number>> & {
	/** True if it was stopped before the last record. */
	readonly stopped: boolean;
};

/** Maximum number of records that are restored at once, and of characters of their dumps, which are held in memory. */
const restoreBatch = 100;
const restoreCharacters = 8 * 1024 * 1024;

/** Restores records as they arrive, and counts the outcomes. Stops when the signal is aborted. */
export async function restoreKeys(
	sender: Sender,
	records: AsyncIterable<KeyRecord>,
	signal: AbortSignal,
): Promise<RestoreCounts> {
	const counts = {restored: 0, exists: 0, expired: 0, refused: 0};
	let batch: KeyRecord[] = [];
	let characters = 0;
	const flush = async () => {
		for (const outcome of await Promise.all(batch.map((record) => restoreKey(sender, record)))) counts[outcome]++;
		batch = [];
		characters = 0;
	};
	let stopped = false;
	for await (const record of records) {
		stopped = signal.aborted;
		if (stopped) break;
		batch.push(record);
		characters += record.dump.length;
		if (batch.length >= restoreBatch || characters >= restoreCharacters) await flush();
	}
	await flush();
	return {...counts, stopped};
}
