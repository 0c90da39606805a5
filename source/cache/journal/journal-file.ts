import {
	closeSync,
	existsSync,
	ftruncateSync,
	openSync,
	readFileSync,
	renameSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {InvalidArgumentError} from '../../pool/errors.js';
import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {toError} from '../support/to-error.js';
import type {DirtyChange, DirtyKind, JournalStore} from './dirty-change.js';
import {releaseLock, takeLock} from './journal-lock.js';

export type JournalRecord = {readonly kind: DirtyKind; readonly name: string; readonly change: DirtyChange};

/** The file is rewritten when it has this many lines, and twice as many as there are records. */
const compactAfter = 100_000;
/** Records written at once. On a full disk each attempt takes no longer than this many. */
const batchSize = 256;
/** Pause between attempts to write what did not fit on the disk, while nothing new becomes dirty. */
const retryMs = 1000;

/**
 * A journal in a file, one JSON document a line: a process that dies with dirty keys reconciles them when it starts again.
 * Each change is written before its call is acknowledged. What a full disk has not taken is written as soon as there is
 * room. One process and one thread at a time.
 *
 * A line is `{kind: 'key' | 'mark', name, change: {asOf, settledAt}}`. The file names are those of the first version, so
 * that its journals can be read: `mark` is a marker, `settledAt` is `finalAt`.
 */
export class JournalFile implements JournalStore {
	#fd: number;
	#isClosed = false;
	readonly #path: string;
	readonly #lockPath: string;
	readonly #lock: string;
	readonly #records = new Map<string, JournalRecord>();
	/** Records that the file does not have yet. Empty unless writing has failed. */
	readonly #unwritten = new Set<string>();
	/** True if a part of a line may be at the end of the file. */
	#isTorn = false;
	#lines = 0;
	#compactAt = compactAfter;
	#retry: NodeJS.Timeout | undefined;

	/** @throws {InvalidArgumentError} the file cannot be opened, or another live process or thread has it open. */
	constructor(path: string) {
		this.#path = path;
		this.#lockPath = `${path}.lock`;
		this.#lock = takeLock(this.#lockPath, path);
		try {
			if (existsSync(path)) this.#read();
			this.#fd = openSync(path, 'a', 0o600);
		} catch (error) {
			releaseLock(this.#lockPath, this.#lock);
			throw new InvalidArgumentError(`the journal ${path} cannot be opened: ${(error as Error).message}`, {
				cause: error,
			});
		}
	}

	/** All dirty changes; after opening, those of the process that used the file before. */
	get records(): readonly JournalRecord[] {
		return [...this.#records.values()];
	}

	/** @throws the error of the file system. The record is written later, when there is room. */
	noted(kind: DirtyKind, name: string, change: DirtyChange): void {
		if (this.#isClosed) return;
		const id = `${kind} ${name}`;
		this.#records.set(id, {kind, name, change});
		this.#unwritten.add(id);
		this.#write();
	}

	/** Not written: reconciling a key twice is harmless, and the file is emptied when nothing is dirty. */
	reconciled(kind: DirtyKind, name: string): void {
		const id = `${kind} ${name}`;
		this.#records.delete(id);
		this.#unwritten.delete(id);
	}

	emptied(): void {
		if (this.#isClosed) return;
		this.#records.clear();
		this.#unwritten.clear();
		clearTimeout(this.#retry);
		ftruncateSync(this.#fd);
		this.#isTorn = false;
		this.#lines = 0;
	}

	close(): void {
		if (this.#isClosed) return;
		this.#tryToWrite();
		clearTimeout(this.#retry);
		this.#isClosed = true;
		closeSync(this.#fd);
		releaseLock(this.#lockPath, this.#lock);
	}

	#read(): void {
		const bytes = readFileSync(this.#path);
		const lines = bytes.toString('utf8').split('\n');
		for (const line of lines) {
			const record = parseLine(line);
			if (record !== undefined) this.#records.set(`${record.kind} ${record.name}`, record);
		}
		this.#lines = lines.length - 1;
		// Cuts off a torn last line, so that the next line does not continue it.
		truncateSync(this.#path, bytes.lastIndexOf('\n') + 1);
	}

	/** Writes everything that the file does not have. */
	#write(): void {
		try {
			const isLong = this.#lines + this.#unwritten.size > Math.max(this.#compactAt, 2 * this.#records.size);
			const failure = isLong ? this.#compact() : undefined;
			while (this.#unwritten.size > 0) this.#writeSome();
			clearTimeout(this.#retry);
			this.#retry = undefined;
			if (failure !== undefined) throw failure;
		} catch (error) {
			this.#retry ??= setTimeout(() => {
				this.#retry = undefined;
				this.#tryToWrite();
			}, retryMs).unref();
			throw error;
		}
	}

	/** A failure has been reported when the record was noted. */
	#tryToWrite(): void {
		try {
			if (!this.#isClosed && this.#unwritten.size > 0) this.#write();
		} catch {}
	}

	#writeSome(): void {
		const ids: string[] = [];
		let text = '';
		for (const id of this.#unwritten) {
			const record = this.#records.get(id);
			if (record !== undefined) text += formatLine(record);
			if (ids.push(id) === batchSize) break;
		}
		this.#append(text);
		for (const id of ids) this.#unwritten.delete(id);
		this.#lines += ids.length;
	}

	#append(text: string): void {
		// Ends the part of a line that an attempt has left behind: it is not a record, and must not make this one none.
		const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text);
		for (let at = 0; at < bytes.length; ) {
			this.#isTorn = true;
			at += writeSync(this.#fd, bytes, at);
		}
		this.#isTorn = false;
	}

	/**
	 * Writes the records to another file first, so that a crash in between loses nothing.
	 *
	 * @returns The error if that fails: the file stays as it is, and is compacted when it is twice as long.
	 */
	#compact(): Error | undefined {
		const next = `${this.#path}.new`;
		let fd: number | undefined;
		try {
			writeFileSync(next, this.records.map(formatLine).join(''), {mode: 0o600});
			fd = openSync(next, 'a', 0o600);
			renameSync(next, this.#path);
		} catch (error) {
			this.#compactAt = 2 * this.#lines;
			if (fd !== undefined) closeSync(fd);
			// A full disk needs its space.
			removeIfPossible(next);
			return toError(error);
		}
		closeSync(this.#fd);
		this.#fd = fd;
		this.#unwritten.clear();
		this.#isTorn = false;
		this.#lines = this.#records.size;
		this.#compactAt = compactAfter;
		return undefined;
	}
}

function removeIfPossible(path: string): void {
	try {
		unlinkSync(path);
	} catch {}
}

function formatLine({kind, name, change: {asOf, finalAt}}: JournalRecord): string {
	const line = {kind: kind === 'marker' ? 'mark' : kind, name, change: {asOf, settledAt: finalAt}};
	return `${JSON.stringify(line)}\n`;
}

/** @returns `undefined` for a line that does not end with a whole record. */
function parseLine(text: string): JournalRecord | undefined {
	// The part of a record that a full disk took may stand before it. Inside a record the quotes are escaped.
	const begin = Math.max(0, text.lastIndexOf('{"kind":'));
	return parseRecord(text.slice(begin));
}

function parseRecord(text: string): JournalRecord | undefined {
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
