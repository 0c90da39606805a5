import {fileURLToPath} from 'node:url';

/** Packages that Ink imports, and the modules that replace them: the same functions, memoized. */
export const inkMemory: Readonly<Record<string, string>> = {
	'@alcalzone/ansi-tokenize': 'source/ui/terminal/ink-tokens.ts',
	'string-width': 'source/ui/terminal/ink-widths.ts',
};

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The absolute path of the module that replaces an import of Ink; undefined for all other imports. */
export function inkMemoryFor(name: string, importer: string | undefined): string | undefined {
	const module = inkMemory[name];
	return module !== undefined && importer && /[\\/]ink[\\/]build[\\/]/.test(importer) ? root + module : undefined;
}
