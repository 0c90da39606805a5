import {cpSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';

/**
 * Copies the declarations that `redis-cache-tui/testing` needs: those of its entry point and of what they name. Its code
 * is bundled, so the declarations of all other modules that it consists of would be of no use.
 *
 * @param from Folder with the declarations of every module.
 * @returns Paths of the copied files, below `to`.
 */
export function copyTestingTypes(from: string, to: string): readonly string[] {
	const paths = reachable([join(from, 'testing/testing.d.ts')]).map((file) => relative(from, file));
	for (const path of paths) if (!existsSync(join(to, path))) cpSync(join(from, path), join(to, path));
	return paths;
}

/**
 * Removes the declarations that no public type names: four of five, each of which takes a block on a disk.
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

/** Declarations, and those that they name, directly or not. */
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
