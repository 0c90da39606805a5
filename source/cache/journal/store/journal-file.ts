import {
	closeSync,
	existsSync,
	fstatSync,
	ftruncateSync,
	openSync,
	readFileSync,
	renameSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {InvalidArgumentError} from '../../../pool/errors.js';
import {clearTimeout, setTimeout} from '../../../time/real-time.js';
import {toError} from '../../support/to-error.js';
import type {DirtyChange, DirtyKind, JournalStore} from '../dirty-change.js';
import {type LockRules, localRules, readLock, releaseLock, takeLock} from './journal-lock.js';
import {formatLine, idOf, type JournalRecord, parseLines} from './journal-record.js';

/** The file is rewritten when it has this many lines, and twice as many as there are records. */
const compactAfter = 100_000;
/** Most records written at once: bounds the time of each attempt on a full disk. */
const batchSize = 256;
/** Milliseconds between attempts to write records that did not fit on the disk, while nothing new becomes dirty. */
const retryMs = 1000;

/**
 * A journal in a file with one JSON document a line, so that dirty keys of a process that died are reconciled when it starts
 * again. Each change is written before its call is acknowledged. Changes that did not fit on a full disk are written as soon as
 * there is room, and a removed file is created again. Only one process and thread can have the file open.
 */
export class JournalFile implements JournalStore {
	#fd: number;
	#isClosed = false;
	readonly #path: string;
	readonly #lockPath: string;
	readonly #rules: LockRules;
	#lock: string;
	readonly #records = new Map<string, JournalRecord>();
	/** Records that the file does not have yet. Empty unless writing has failed. */
	readonly #unwritten = new Set<string>();
	/** True if the file may end with an incomplete line. */
	#isTorn = false;
	#lines = 0;
	#compactAt = compactAfter;
	#retry: NodeJS.Timeout | undefined;

	/** @throws {InvalidArgumentError} the file cannot be opened, or another live process or thread has it open. */
	constructor(path: string, rules: LockRules = localRules) {
		this.#path = path;
		this.#lockPath = `${path}.lock`;
		this.#rules = rules;
		this.#lock = takeLock(this.#lockPath, path, rules);
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

	/** True if the file has all records. */
	get isWritten(): boolean {
		return this.#unwritten.size === 0;
	}

	/** @throws the error of the file system. The record is written later, when there is room. */
	noted(kind: DirtyKind, name: string, change: DirtyChange): void {
		if (this.#isClosed) return;
		const id = idOf({kind, name});
		this.#records.set(id, {kind, name, change});
		this.#unwritten.add(id);
		this.#write();
	}

	/** Not written: reconciling a key twice is harmless, and the file is emptied when nothing is dirty. */
	reconciled(kind: DirtyKind, name: string): void {
		const id = idOf({kind, name});
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

	/** @param removeIfEmpty True for a file whose name no later process will use. */
	close({removeIfEmpty = false} = {}): void {
		if (this.#isClosed) return;
		this.#tryToWrite();
		clearTimeout(this.#retry);
		this.#isClosed = true;
		closeSync(this.#fd);
		if (removeIfEmpty && this.#records.size === 0) removeIfPossible(this.#path);
		releaseLock(this.#lockPath, this.#lock);
	}

	/**
	 * @throws an error of the file system, or because another process has the file at the moment. The caller tries again later.
	 */
	recreateIfRemoved(): void {
		if (this.#isClosed || fstatSync(this.#fd).nlink > 0) return;
		if (readLock(this.#lockPath) !== this.#lock) this.#lock = takeLock(this.#lockPath, this.#path, this.#rules);
		const fd = openSync(this.#path, 'a', 0o600);
		closeSync(this.#fd);
		this.#fd = fd;
		this.#isTorn = false;
		this.#lines = 0;
		this.#unwritten.clear();
		for (const id of this.#records.keys()) this.#unwritten.add(id);
		this.#write();
	}

	#read(): void {
		const bytes = readFileSync(this.#path);
		const {records, lines} = parseLines(bytes);
		for (const [id, record] of records) this.#records.set(id, record);
		this.#lines = lines;
		// Cuts off a torn last line, so that the next line does not continue it.
		truncateSync(this.#path, bytes.lastIndexOf('\n') + 1);
	}

	/** Writes all records that the file does not have. */
	#write(): void {
		try {
			if (fstatSync(this.#fd).nlink === 0) {
				this.recreateIfRemoved();
				return;
			}
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

	/** A failure was already reported when the record was added. */
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
		// A line feed first, if a failed attempt may have left an incomplete line: it would make the next record unreadable.
		const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text);
		for (let at = 0; at < bytes.length; ) {
			this.#isTorn = true;
			at += writeSync(this.#fd, bytes, at);
		}
		this.#isTorn = false;
	}

	/**
	 * Writes the records to a new file first, so that a crash in between loses nothing.
	 *
	 * @returns The error if that fails: the file is unchanged, and the next attempt is made when it is twice as long.
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
			// Removes the incomplete new file: a full disk needs the space.
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
