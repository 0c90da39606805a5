import {linkSync, readFileSync, renameSync, unlinkSync, writeFileSync} from 'node:fs';
import {threadId} from 'node:worker_threads';
import {InvalidArgumentError} from '../../pool/errors.js';
import {processStart} from './process-start.js';

let lastTake = 0;

/**
 * Locks a journal file for this process, with a file that holds the process id and the time at which the process started:
 * the id alone may belong to another process by now. The lock of a process that has died is taken over.
 *
 * @returns The content of the lock.
 * @throws {InvalidArgumentError} the lock cannot be created, or a live process has it.
 */
export function takeLock(lockPath: string, journalPath: string): string {
	const content = `${process.pid} ${processStart(process.pid)}`;
	const draft = `${lockPath}.${process.pid}-${threadId}-${++lastTake}`;
	try {
		// The lock appears with its content: an empty one would look like one that nobody holds.
		writeFileSync(draft, content, {mode: 0o600});
		while (!create(draft, lockPath)) removeStale(lockPath, journalPath, `${draft}-stale`);
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

/** @param content The content that the lock was taken with: that of another process stays. */
export function releaseLock(lockPath: string, content: string): void {
	if (read(lockPath) === content) remove(lockPath);
}

/** @returns False if there is a lock already. */
function create(draft: string, lockPath: string): boolean {
	try {
		linkSync(draft, lockPath);
		return true;
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') return false;
		// A file system without links.
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

/** @throws {InvalidArgumentError} a live process has the lock. */
function removeStale(lockPath: string, journalPath: string, aside: string): void {
	const content = read(lockPath);
	if (content === undefined) return;
	assertStale(content, journalPath);
	try {
		renameSync(lockPath, aside);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
		throw error;
	}
	// Another process may have taken the lock over in between.
	if (read(aside) === content) remove(aside);
	else renameSync(aside, lockPath);
}

function assertStale(content: string, journalPath: string): void {
	const [id = '', start = ''] = content.split(/ (.*)/s);
	const owner = Number(id);
	if (!isAlive(owner)) return;
	// A lock of an earlier version has no start.
	const isOurs = owner === process.pid;
	const isSameProcess = start === '' ? !isOurs : start === processStart(owner);
	if (!isSameProcess) return;
	throw new InvalidArgumentError(
		isOurs
			? `the journal ${journalPath} is in use by this process (${owner}): give each cache and each thread a path of its own`
			: `the journal ${journalPath} is in use by process ${owner}: give each process a path of its own`,
	);
}

function isAlive(pid: number): boolean {
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
function read(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Someone else may have removed it already. */
function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
}
