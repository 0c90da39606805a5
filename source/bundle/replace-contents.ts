import {mkdirSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {dirname, join, relative, sep} from 'node:path';

/** A folder in `folder` in which this process builds the new contents, so that renames do not cross file systems. */
export function unfinishedFolder(folder: string): string {
	return join(folder, `.next-${process.pid}`);
}

/**
 * Replaces the contents of a folder by those of another. Each file is replaced atomically, so a file that exists before and
 * after is never missing. All other files are removed, except those that other processes are building.
 *
 * @param last Paths, relative to the folder, of files that import others. They are moved last, so that a program that starts
 * meanwhile finds what it imports.
 */
export function replaceContents(folder: string, next: string, last: readonly string[]): void {
	const files = filesOf(next);
	const isLast = new Set(last);
	for (const file of [...files.filter((file) => !isLast.has(file)), ...files.filter((file) => isLast.has(file))]) {
		mkdirSync(dirname(join(folder, file)), {recursive: true});
		renameSync(join(next, file), join(folder, file));
	}
	removeOthers(folder, new Set(files.flatMap(withParents)));
}

function filesOf(folder: string): readonly string[] {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

/** A path with all of its parents: `a/b/c`, `a/b` and `a`. */
function withParents(path: string): readonly string[] {
	const parts = path.split('/');
	return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function removeOthers(folder: string, kept: ReadonlySet<string>, prefix = ''): void {
	for (const entry of readdirSync(folder, {withFileTypes: true})) {
		const path = prefix + entry.name;
		if (isBeingBuilt(path)) continue;
		if (!kept.has(path)) rmSync(join(folder, entry.name), {recursive: true, force: true});
		else if (entry.isDirectory()) removeOthers(join(folder, entry.name), kept, `${path}/`);
	}
}

/** True for the unfinished folder of a process that is alive. */
function isBeingBuilt(path: string): boolean {
	const pid = /^\.next-(\d+)$/.exec(path)?.[1];
	if (pid === undefined) return false;
	try {
		return process.kill(Number(pid), 0);
	} catch {
		return false;
	}
}
