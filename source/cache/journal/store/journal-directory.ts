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

/** A journal that this process has adopted. It is removed once all of its changes are in this process's own file. */
type Adopted = {readonly path: string; readonly lockPath: string; readonly lock: string};

const extension = '.journal';
/** The part of a journal's name after the prefix. */
const randomPart = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.journal$/;
/** The folder is scanned for other journals once in this many touches of the lock. */
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
		// Adopted journals stay for the next process if their records could not be written to this process's own file.
		if (this.#file.isWritten) this.#removeAdopted();
		for (const {lockPath, lock} of this.#adopted) quietly(() => releaseLock(lockPath, lock));
	}

	/** Adopts the journals of processes that have died. A journal that cannot be adopted is tried again at the next scan. */
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
		// Throws if the owner is alive, or another process is adopting the journal.
		const lock = takeLock(lockPath, path, sharedRules);
		try {
			const {records} = parseLines(readFileSync(path));
			this.#options.onAdopt([...records.values()]);
			this.#adopted.push({path, lockPath, lock});
		} catch (error) {
			// Another process has adopted and removed it in the meantime, or it cannot be read now.
			releaseLock(lockPath, lock);
			throw error;
		}
	}

	/** On a full disk adopted files stay: until all records are written, they are the only copy. */
	#removeAdopted(): void {
		if (!this.#file.isWritten) return;
		for (const {path, lockPath, lock} of this.#adopted) {
			quietly(() => unlinkSync(path));
			quietly(() => releaseLock(lockPath, lock));
		}
		this.#adopted = [];
	}

	#tick(): void {
		// This process may have been suspended for so long that another one has adopted and removed its journal.
		quietly(() => this.#file.recreateIfRemoved());
		for (const path of [`${this.#path}.lock`, ...this.#adopted.map(({lockPath}) => lockPath)])
			quietly(() => touchLock(path));
		this.#removeAdopted();
		if (++this.#touches % touchesPerScan === 0) this.adopt();
	}
}

/** The rest must be the random part alone: another prefix may begin with this one and a `-`. */
function isJournalOf(prefix: string, name: string): boolean {
	return name.startsWith(`${prefix}-`) && randomPart.test(name.slice(prefix.length + 1));
}

/** Ignores a failure: the next tick, or another process, tries again. */
function quietly(work: () => void): void {
	try {
		work();
	} catch {}
}
