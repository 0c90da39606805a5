import {randomUUID} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, unlinkSync} from 'node:fs';
import {join} from 'node:path';
import {InvalidArgumentError} from '../../../pool/errors.js';
import {clearInterval, setInterval} from '../../../time/real-time.js';
import type {DirtyChange, DirtyKind, JournalStore} from '../dirty-change.js';
import {JournalFile} from './journal-file.js';
import {releaseLock, takeLock} from './journal-lock.js';
import {type JournalRecord, parseLines} from './journal-record.js';
import {sharedRules, touchLock, touchMs} from './shared-lock.js';

export type JournalDirectoryOptions = {
	readonly directory: string;
	/** Journals of caches with another prefix are left alone. */
	readonly prefix: string;
	/** Called with the changes of a process that has died. They are in this cache's journal when it returns. */
	readonly onAdopt: (records: readonly JournalRecord[]) => void;
};

/** A journal that this process has adopted, and whose changes are not all in a file of its own yet. */
type Adopted = {readonly path: string; readonly lockPath: string; readonly lock: string};

const extension = '.journal';
/** The part of a journal's name after the prefix. */
const randomPart = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.journal$/;
/** Other journals are looked for at each so many touches of the lock. */
const touchesPerScan = 2;

/**
 * A journal in a folder that processes share. Each has its own file there, under a unique name; a running process, or
 * the next one that starts, adopts the files of processes that have died. An adopted file is removed once its changes
 * are in the adopter's own.
 */
export class JournalDirectory implements JournalStore {
	readonly #options: JournalDirectoryOptions;
	readonly #file: JournalFile;
	readonly #path: string;
	readonly #timer: NodeJS.Timeout;
	#adopted: Adopted[] = [];
	#touches = 0;

	/** @throws {InvalidArgumentError} the folder cannot be made, or written. */
	constructor(options: JournalDirectoryOptions) {
		this.#options = options;
		const {directory, prefix} = options;
		try {
			mkdirSync(directory, {recursive: true, mode: 0o700});
		} catch (error) {
			throw new InvalidArgumentError(`journal.directory ${directory} cannot be made: ${(error as Error).message}`, {
				cause: error,
			});
		}
		this.#path = join(directory, `${prefix}-${randomUUID()}${extension}`);
		this.#file = new JournalFile(this.#path, sharedRules);
		this.#timer = setInterval(() => this.#tick(), touchMs).unref();
	}

	noted(kind: DirtyKind, name: string, change: DirtyChange): void {
		this.#file.noted(kind, name, change);
	}

	reconciled(kind: DirtyKind, name: string): void {
		this.#file.reconciled(kind, name);
	}

	emptied(): void {
		this.#file.emptied();
		this.#removeAdopted();
	}

	close(): void {
		clearInterval(this.#timer);
		this.#file.close({removeIfEmpty: true});
		// Adopted journals stay for the next process if their entries could not be written to the own file.
		if (this.#file.isWritten) this.#removeAdopted();
		for (const {lockPath, lock} of this.#adopted) quietly(() => releaseLock(lockPath, lock));
	}

	/** Adopts the journals of processes that have died. What goes wrong with one is tried again at the next scan. */
	adopt(): void {
		const {directory, prefix} = this.#options;
		quietly(() => {
			for (const name of readdirSync(directory)) {
				const path = join(directory, name);
				if (!isJournalOf(prefix, name) || path === this.#path) continue;
				if (!this.#adopted.some((adopted) => adopted.path === path)) quietly(() => this.#adoptFile(path));
			}
		});
		this.#removeAdopted();
	}

	#adoptFile(path: string): void {
		const lockPath = `${path}.lock`;
		// Throws if its process is alive, or another one is adopting it.
		const lock = takeLock(lockPath, path, sharedRules);
		try {
			const {records} = parseLines(readFileSync(path));
			this.#options.onAdopt([...records.values()]);
			this.#adopted.push({path, lockPath, lock});
		} catch (error) {
			// Another process has adopted and removed it in between; or it cannot be read now.
			releaseLock(lockPath, lock);
			throw error;
		}
	}

	/** A full disk keeps them: until all is written, the old file is the only copy. */
	#removeAdopted(): void {
		if (!this.#file.isWritten) return;
		for (const {path, lockPath, lock} of this.#adopted) {
			quietly(() => unlinkSync(path));
			quietly(() => releaseLock(lockPath, lock));
		}
		this.#adopted = [];
	}

	#tick(): void {
		// Its process may have been suspended for so long that others have adopted its journal.
		quietly(() => this.#file.recreateIfRemoved());
		for (const path of [`${this.#path}.lock`, ...this.#adopted.map(({lockPath}) => lockPath)])
			quietly(() => touchLock(path));
		this.#removeAdopted();
		if (++this.#touches % touchesPerScan === 0) this.adopt();
	}
}

/** A prefix may be the beginning of another one, with a `-` after it: the rest has to be the random part. */
function isJournalOf(prefix: string, name: string): boolean {
	return name.startsWith(`${prefix}-`) && randomPart.test(name.slice(prefix.length + 1));
}

/** Ignores a failure: the next tick, or another process, tries again. */
function quietly(work: () => void): void {
	try {
		work();
	} catch {}
}
