import {createReadStream} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {type KeyRecord, parseRecord, restoreRequest} from './key-record.js';

/** `json`: one record per line. `resp`: commands for `redis-cli --pipe`. */
export type RecordFormat = 'json' | 'resp';

/** A file that records are added to. */
export class RecordFile {
	readonly #file: FileHandle;
	readonly #format: RecordFormat;
	#bytes = 0;

	private constructor(file: FileHandle, format: RecordFormat) {
		this.#file = file;
		this.#format = format;
	}

	/** Creates a file that only its owner can read. Rejects if the file exists. */
	static async create(path: string, format: RecordFormat): Promise<RecordFile> {
		return new RecordFile(await open(path, 'wx', 0o600), format);
	}

	get bytes(): number {
		return this.#bytes;
	}

	async add(records: readonly KeyRecord[]): Promise<void> {
		const chunks = records.map((record) =>
			this.#format === 'resp' ? restoreRequest(record) : Buffer.from(`${JSON.stringify(record)}\n`),
		);
		const chunk = Buffer.concat(chunks);
		await this.#file.appendFile(chunk);
		this.#bytes += chunk.length;
	}

	/** Flushes the file to the disk. After that, the keys in it may be deleted in Redis. */
	async flush(): Promise<void> {
		await this.#file.datasync();
	}

	close(): Promise<void> {
		return this.#file.close();
	}
}

/** A file of records has a line that is not a record. */
export class RecordFileError extends Error {
	override readonly name = 'RecordFileError';
}

/**
 * Reads a file of JSON lines, a line at a time.
 *
 * @throws {RecordFileError} A line is not a record.
 */
export async function* readRecords(path: string): AsyncGenerator<KeyRecord> {
	const input = createReadStream(path, 'utf8');
	const lines = createInterface({input, crlfDelay: Number.POSITIVE_INFINITY});
	let number = 0;
	try {
		for await (const line of lines) {
			number++;
			if (line.trim() === '') continue;
			const record = parseRecord(line);
			if (!record) throw new RecordFileError(`${path}:${number} is not a key that this program has saved`);
			yield record;
		}
	} finally {
		lines.close();
		input.destroy();
	}
}
