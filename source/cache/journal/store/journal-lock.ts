import {linkSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync} from 'node:fs';
import {threadId} from 'node:worker_threads';
import {InvalidArgumentError} from '../../../pool/errors.js';
import {processStart} from './process-start.js';

let lastTake = 0;

/** Identifies the owner of a lock. */
export type LockRules = {
	/** The content of this process's lock, which names the process. */
	readonly content: () => string;
	/**
	 * True if the owner of a lock is alive.
	 *
	 * @param nowMs The time of the file system, in milliseconds.
	 */
	readonly isHeld: (content: string, lockPath: string, nowMs: () => number) => boolean;
};

/** Rules for a path that only processes of one machine use. */
export const localRules: LockRules = {
	content: () => ownerOf(process.pid),
	isHeld: (content) => isAlive(content),
};

/**
 * Locks a journal file for this process, with a file that holds the process id and the time at which the process started: the
 * id alone may have been reused by another process. Takes over the lock of a process that has died.
 *
 * @returns The content of the lock.
 * @throws {InvalidArgumentError} the lock cannot be created, or a live process holds it.
 */
export function takeLock(lockPath: string, journalPath: string, rules: LockRules): string {
	const content = rules.content();
	const draft = `${lockPath}.${process.pid}-${threadId}-${++lastTake}`;
	try {
		// Written to a draft first, so that the lock appears with its content: an empty lock would seem to have no owner.
		writeFileSync(draft, content, {mode: 0o600});
		while (!create(draft, lockPath) && !replaceStale({lockPath, journalPath, draft, rules}));
		return content;
	} catch (error) {
		if (error instanceof InvalidArgumentError) throw error;
		throw new InvalidArgumentError(`the journal ${journalPath} cannot be opened: ${(error as Error).message}`, {
			cause: error,
		});
	} finally {
		remove(draft);
	}
}

/** @param content The content that `takeLock` returned: a lock of another process is not removed. */
export function releaseLock(lockPath: string, content: string): void {
	if (readLock(lockPath) === content) remove(lockPath);
}

/** @returns False if there is a lock already. */
function create(draft: string, lockPath: string): boolean {
	try {
		linkSync(draft, lockPath);
		return true;
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') return false;
		// The file system does not support hard links.
		if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
	}
	try {
		writeFileSync(lockPath, readFileSync(draft), {flag: 'wx', mode: 0o600});
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

/**
 * Replaces the lock of a process that has died by the draft. Only one process at a time does so, guarded by a second lock, and
 * in one step: if the lock were removed first, a third process could take it in between.
 *
 * @returns False if there is no lock any more.
 * @throws {InvalidArgumentError} a live process has the lock, or is taking it over.
 */
function replaceStale({
	lockPath,
	journalPath,
	draft,
	rules,
}: {
	readonly lockPath: string;
	readonly journalPath: string;
	readonly draft: string;
	readonly rules: LockRules;
}): boolean {
	const isThere = () => {
		const content = readLock(lockPath);
		if (content !== undefined && rules.isHeld(content, lockPath, () => statSync(draft).mtimeMs))
			throw inUse(content, journalPath);
		return content !== undefined;
	};
	if (!isThere()) return false;
	const guardPath = `${lockPath}.guard`;
	const guard = takeLock(guardPath, journalPath, rules);
	try {
		// Another process may have taken the lock over in between.
		if (!isThere()) return false;
		renameSync(draft, lockPath);
		return true;
	} finally {
		releaseLock(guardPath, guard);
	}
}

function inUse(content: string, journalPath: string): InvalidArgumentError {
	const owner = Number.parseInt(content, 10);
	return new InvalidArgumentError(
		owner === process.pid
			? `the journal ${journalPath} is in use by this process (${owner}): give each cache and each thread a path of its own`
			: `the journal ${journalPath} is in use by process ${owner}: give each process a path of its own`,
	);
}

/** Identifies a process by its id and start time. */
export function ownerOf(pid: number): string {
	return `${pid} ${processStart(pid)}`;
}

/** True if the process that `ownerOf` identified is alive and visible to this one. */
export function isAlive(owner: string): boolean {
	const [id = '', start = ''] = owner.split(/ (.*)/s);
	const pid = Number(id);
	if (!exists(pid)) return false;
	// A lock of an earlier version has no start.
	return start === '' ? pid !== process.pid : start === processStart(pid);
}

function exists(pid: number): boolean {
	if (!Number.isInteger(pid) || pid <= 0) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// The process exists, and belongs to another user.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** @returns `undefined` if there is no such file. */
export function readLock(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Another process may have removed it already. */
function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
}
