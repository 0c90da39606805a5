import {
	closeSync,
	existsSync,
	ftruncateSync,
	openSync,
	readFileSync,
	renameSync,
	truncateSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {InvalidArgumentError} from '../../pool/errors.js';
import type {DirtyChange, DirtyKind, JournalStore} from './dirty-change.js';
import {releaseLock, takeLock} from './journal-lock.js';

export type JournalRecord = {readonly kind: DirtyKind; readonly name: string; readonly change: DirtyChange};

/** The file is rewritten when it has this many lines, and twice as many as there are records. */
const compactAfter = 100_000;

/**
 * A journal in a file, one JSON document a line: a process that dies with dirty keys reconciles them when it starts again.
 * Each change is written before its call is acknowledged. One process at a time.
 *
 * A line is `{kind: 'key' | 'mark', name, change: {asOf, settledAt}}`. The file names are those of the first version, so
 * that its journals can be read: `mark` is a marker, `settledAt` is `finalAt`.
 */
export class JournalFile implements JournalStore {
	#fd: number;
	#isClosed = false;
	readonly #path: string;
	readonly #lockPath: string;
	readonly #records = new Map<string, JournalRecord>();
	#lines = 0;

	/** @throws {InvalidArgumentError} the file cannot be opened, or another live process has it open. */
	constructor(path: string) {
		this.#path = path;
		this.#lockPath = `${path}.lock`;
		takeLock(this.#lockPath, path);
		try {
			if (existsSync(path)) this.#read();
			this.#fd = openSync(path, 'a', 0o600);
		} catch (error) {
			releaseLock(this.#lockPath);
			throw new InvalidArgumentError(`the journal ${path} cannot be opened: ${(error as Error).message}`, {
				cause: error,
			});
		}
	}

	/** All dirty changes; after opening, those of the process that used the file before. */
	get records(): readonly JournalRecord[] {
		return [...this.#records.values()];
	}

	noted(kind: DirtyKind, name: string, change: DirtyChange): void {
		if (this.#isClosed) return;
		const record: JournalRecord = {kind, name, change};
		this.#records.set(`${kind} ${name}`, record);
		if (++this.#lines > Math.max(compactAfter, 2 * this.#records.size)) this.#compact();
		else this.#append(formatLine(record));
	}

	/** Not written: reconciling a key twice is harmless, and the file is emptied when nothing is dirty. */
	reconciled(kind: DirtyKind, name: string): void {
		this.#records.delete(`${kind} ${name}`);
	}

	emptied(): void {
		if (this.#isClosed) return;
		this.#records.clear();
		this.#lines = 0;
		ftruncateSync(this.#fd);
	}

	close(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		closeSync(this.#fd);
		releaseLock(this.#lockPath);
	}

	#read(): void {
		const bytes = readFileSync(this.#path);
		for (const line of bytes.toString('utf8').split('\n')) {
			const record = parseLine(line);
			if (record !== undefined) this.#records.set(`${record.kind} ${record.name}`, record);
		}
		// Cuts off a torn last line, so that the next line does not continue it.
		truncateSync(this.#path, bytes.lastIndexOf('\n') + 1);
	}

	#append(text: string): void {
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
	}

	/** Writes the records to another file first, so that a crash in between loses nothing. */
	#compact(): void {
		const next = `${this.#path}.new`;
		writeFileSync(next, this.records.map(formatLine).join(''), {mode: 0o600});
		renameSync(next, this.#path);
		closeSync(this.#fd);
		this.#fd = openSync(this.#path, 'a', 0o600);
		this.#lines = this.#records.size;
	}
}

function formatLine({kind, name, change: {asOf, finalAt}}: JournalRecord): string {
	const line = {kind: kind === 'marker' ? 'mark' : kind, name, change: {asOf, settledAt: finalAt}};
	return `${JSON.stringify(line)}\n`;
}

/** @returns `undefined` for a line that is not a whole record. */
function parseLine(text: string): JournalRecord | undefined {
	try {
		const {kind, name, change} = JSON.parse(text) as {
			kind: unknown;
			name: unknown;
			change: {asOf: number; settledAt: number};
		};
		const {asOf, settledAt: finalAt} = change;
		const isWhole =
			(kind === 'key' || kind === 'mark') &&
			typeof name === 'string' &&
			Number.isFinite(asOf) &&
			Number.isFinite(finalAt);
		return isWhole ? {kind: kind === 'mark' ? 'marker' : kind, name, change: {asOf, finalAt}} : undefined;
	} catch {
		return undefined;
	}
}
