import {cpSync, existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';

/**
 * Copies the declarations that `redis-cache-tui/testing` needs: those of its entry point and of what they name. Its code
 * is bundled, so the declarations of all other modules that it consists of would be of no use.
 *
 * @param from Folder with the declarations of every module.
 * @returns Paths of the copied files, below `to`.
 */
export function copyTestingTypes(from: string, to: string): readonly string[] {
	const found = new Set<string>();
	const visit = (file: string): void => {
		if (found.has(file)) return;
		found.add(file);
		for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g))
			visit(join(dirname(file), `${name}.d.ts`));
	};
	visit(join(from, 'testing/testing.d.ts'));
	const paths = [...found].map((file) => relative(from, file));
	for (const path of paths) if (!existsSync(join(to, path))) cpSync(join(from, path), join(to, path));
	return paths;
}
