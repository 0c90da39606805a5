import {closeSync, openSync, readlinkSync, statSync, writeSync} from 'node:fs';
import {hostname} from 'node:os';
import {isAlive, type LockRules, ownerOf, readLock} from './journal-lock.js';

/** Milliseconds after which the owner of a lock touches it again. */
export const touchMs = 5000;
/** Age in milliseconds from which a lock counts as abandoned, unless its owner is visible. */
const silentMs = 30_000;

/**
 * Rules for locks in a folder that several machines or containers share: their process ids overlap, and they cannot see each
 * other's processes. A lock names the machine or container of its owner. A process in the same place is looked up by its id;
 * one elsewhere counts as alive while it touches its lock.
 */
export const sharedRules: LockRules = {
	content: () => `${ownerOf(process.pid)}\n${place()}`,
	isHeld(content, lockPath, nowMs) {
		const [owner = '', where = ''] = content.split('\n');
		return where === place() ? isAlive(owner) : nowMs() - statSync(lockPath).mtimeMs < silentMs;
	},
};

/**
 * Writes the first byte of this process's lock again, so that the file system updates its time. All ages are in the time of the
 * file system, since the clocks of machines differ.
 */
export function touchLock(lockPath: string): void {
	// Another process may have taken it over.
	if (readLock(lockPath) !== sharedRules.content()) return;
	const fd = openSync(lockPath, 'r+');
	try {
		// The first digit of this process's number.
		writeSync(fd, String(process.pid)[0] ?? '', 0);
	} finally {
		closeSync(fd);
	}
}

let here: string | undefined;

/** Identifies the machine or container: the processes of one place can see each other. */
function place(): string {
	here ??= `${hostname()} ${processNamespace()}`;
	return here;
}

function processNamespace(): string {
	try {
		return readlinkSync('/proc/self/ns/pid');
	} catch {
		return '';
	}
}
