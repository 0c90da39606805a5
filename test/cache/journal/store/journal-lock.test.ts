import fs, {mkdtempSync, readdirSync, writeFileSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {type LockRules, readLock, releaseLock, takeLock} from '../../../../source/cache/journal/store/journal-lock.js';

const newLock = (content: string): string => {
	const directory = mkdtempSync(join(tmpdir(), 'rct-lock-'));
	onTestFinished(() => rm(directory, {recursive: true, force: true}));
	const path = join(directory, 'lock');
	writeFileSync(path, content);
	return path;
};

/** A process of this name. @param onLook Called when it has read the lock of another one, before it goes on. */
const rulesOf = (name: string, onLook: () => void = () => {}): LockRules => ({
	content: () => name,
	isHeld(content) {
		onLook();
		return content !== 'dead';
	},
});

const once = (act: () => void): (() => void) => {
	let isDone = false;
	return () => {
		if (isDone) return;
		isDone = true;
		act();
	};
};

/** Calls `act` as soon as a file was renamed, before the one who did so goes on. */
const afterRename = (act: () => void): void => {
	const {renameSync} = fs;
	fs.renameSync = (from, to) => {
		renameSync(from, to);
		act();
	};
	syncBuiltinESMExports();
	onTestFinished(() => {
		fs.renameSync = renameSync;
		syncBuiltinESMExports();
	});
};

it('of a process that has died is taken over by one of several, whatever the order of their steps', () => {
	const path = newLock('dead');
	const owners: string[] = [];
	const take = (name: string, onLook?: () => void): void => {
		try {
			takeLock(path, 'journal', rulesOf(name, onLook));
			owners.push(name);
		} catch (error) {
			expect(error).toMatchObject({code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining('in use')});
		}
	};
	// Another one comes after each step, and the first while the second has found the lock of the dead one.
	let others = 0;
	afterRename(() => take(`other ${++others}`));
	take(
		'second',
		once(() => take('first')),
	);
	expect(owners).toHaveLength(1);
	expect(readLock(path)).toBe(owners[0]);
	expect(readdirSync(join(path, '..'))).toEqual(['lock']);
});

it('is taken over although a process has died while it was taking it over', () => {
	const path = newLock('dead');
	writeFileSync(`${path}.guard`, 'dead');
	writeFileSync(`${path}.guard.guard`, 'dead');
	expect(takeLock(path, 'journal', rulesOf('me'))).toBe('me');
	expect(readLock(path)).toBe('me');
	releaseLock(path, 'me');
	expect(readdirSync(join(path, '..'))).toEqual([]);
});
