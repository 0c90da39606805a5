import {closeSync, openSync, readlinkSync, statSync, writeSync} from 'node:fs';
import {hostname} from 'node:os';
import {isAlive, type LockRules, ownerOf, readLock} from './journal-lock.js';

/** The owner of a lock writes it again this often, in milliseconds. */
export const touchMs = 5000;
/** Age from which on a lock has no owner, unless its owner can be seen. */
const silentMs = 30_000;

/**
 * Rules for locks in a folder that several machines or containers share: their processes have the same numbers, and
 * cannot see each other. A lock names the place of its owner. A process in the same place is looked up by its number;
 * one elsewhere is alive while it touches its lock.
 */
export const sharedRules: LockRules = {
	content: () => `${ownerOf(process.pid)}\n${place()}`,
	isHeld(content, lockPath, nowMs) {
		const [owner = '', where = ''] = content.split('\n');
		return where === place() ? isAlive(owner) : nowMs() - statSync(lockPath).mtimeMs < silentMs;
	},
};

/** Writes the first byte of this process's lock again: its file system then notes the time. The clocks of machines differ. */
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

/** Names the machine or the container, as far as processes can see each other. */
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
