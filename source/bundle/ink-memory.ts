import {fileURLToPath} from 'node:url';

/** Packages that Ink imports, and the modules that it gets in their place: the same functions, with a memory. */
export const inkMemory: Readonly<Record<string, string>> = {
	'@alcalzone/ansi-tokenize': 'source/ui/terminal/ink-tokens.ts',
	'string-width': 'source/ui/terminal/ink-widths.ts',
};

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The absolute path of the module that Ink gets for an import; undefined for all other imports. */
export function inkMemoryFor(name: string, importer: string | undefined): string | undefined {
	const module = inkMemory[name];
	return module !== undefined && importer && /[\\/]ink[\\/]build[\\/]/.test(importer) ? root + module : undefined;
}
