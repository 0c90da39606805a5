import {closeSync, openSync, readFileSync, unlinkSync, writeSync} from 'node:fs';
import {InvalidArgumentError} from '../../pool/errors.js';

/** Locks of this process. A process id alone does not tell our lock from one left by a predecessor with the same id. */
const held = new Set<string>();

/**
 * Locks a journal file for this process, with a file that holds the process id. The lock of a process that has died is taken
 * over.
 *
 * @throws {InvalidArgumentError} the lock cannot be created, or a live process has it.
 */
export function takeLock(lockPath: string, journalPath: string): void {
	for (let attempt = 0; attempt < 2; attempt++) {
		try {
			const fd = openSync(lockPath, 'wx', 0o600);
			writeSync(fd, String(process.pid));
			closeSync(fd);
			held.add(lockPath);
			return;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw new InvalidArgumentError(`the journal ${journalPath} cannot be opened: ${(error as Error).message}`, {
					cause: error,
				});
			}
			const owner = Number(readFileSync(lockPath, 'utf8'));
			if (owner === process.pid ? held.has(lockPath) : isAlive(owner))
				throw new InvalidArgumentError(
					`the journal ${journalPath} is in use by process ${owner}: give each process a path of its own`,
				);
			unlinkSync(lockPath);
		}
	}
}

export function releaseLock(lockPath: string): void {
	held.delete(lockPath);
	try {
		unlinkSync(lockPath);
	} catch (error) {
		// Someone else has removed it already.
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
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
