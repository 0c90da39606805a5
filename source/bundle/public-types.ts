import {cpSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';

/**
 * Copies the declarations of `redis-cache-tui/testing`: those of its entry point, and those that they import. Its code is
 * bundled, so declarations of its other modules would be useless.
 *
 * @param from Folder with the declarations of every module.
 * @returns Paths of the copied files, relative to `to`.
 */
export function copyTestingTypes(from: string, to: string): readonly string[] {
	const paths = reachable([join(from, 'testing/testing.d.ts')]).map((file) => relative(from, file));
	for (const path of paths) if (!existsSync(join(to, path))) cpSync(join(from, path), join(to, path));
	return paths;
}

/**
 * Removes the declaration files that no public type refers to, which are four of five. Each would take a block on a disk.
 *
 * @param exported `exports` of package.json.
 */
export function removePrivateTypes(folder: string, exported: Readonly<Record<string, unknown>>): void {
	const entries = Object.values(exported).flatMap((entry) => {
		const types = (entry as {readonly types?: string}).types;
		return types === undefined ? [] : [join(folder, relative('./dist', types))];
	});
	const kept = new Set(reachable(entries));
	for (const path of readdirSync(folder, {recursive: true, encoding: 'utf8'})) {
		const file = join(folder, path);
		if (file.endsWith('.d.ts') && !kept.has(file)) rmSync(file);
	}
}

/** Declaration files, and all that they import, directly or indirectly. */
function reachable(entries: readonly string[]): readonly string[] {
	const found = new Set<string>();
	const visit = (file: string): void => {
		if (found.has(file)) return;
		found.add(file);
		for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g))
			visit(join(dirname(file), `${name}.d.ts`));
	};
	for (const entry of entries) visit(entry);
	return [...found];
}
