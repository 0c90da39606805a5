import {readdirSync, readFileSync} from 'node:fs';
import {posix} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** An import, or a re-export, of another source file. */
export interface SourceImport {
	/** The imported file, such as `source/pool/types.ts`. */
	readonly file: string;
	/** The imported names; undefined for the whole module. */
	readonly names: readonly string[] | undefined;
}

export interface SourceFile {
	/** From the root of the repository, such as `source/pool/types.ts`. */
	readonly path: string;
	/** The text without comments that have lines of their own. */
	readonly code: string;
	/** Imports of source files, those of types included. Packages are left out. */
	readonly imports: readonly SourceImport[];
	/** Names of the exported functions, classes and constants. Types are left out. */
	readonly exportedValues: readonly string[];
}

/**
 * Reads all TypeScript files below a folder of the repository. It relies on the form that the formatter gives them:
 * parsing them takes ten times as long.
 */
export function readSources(folder: string): readonly SourceFile[] {
	const paths = readdirSync(`${root}${folder}`, {recursive: true, encoding: 'utf8'})
		.map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
		.filter((path) => /\.tsx?$/.test(path));
	const known = new Set(paths);
	return paths.map((path) => {
		const code = readFileSync(`${root}${path}`, 'utf8').replaceAll(/^\s*(?:\/\/|\/\*\*|\*).*$/gm, '');
		const declarations = code.matchAll(/^export (?:async |abstract )*(?:function\*?|class|const|let) (\w+)/gm);
		return {
			path,
			code,
			imports: importsOf(code).flatMap(({from, names}) => {
				const place = posix.join(posix.dirname(path), from).replace(/\.js$/, '');
				const file = [`${place}.ts`, `${place}.tsx`].find((candidate) => known.has(candidate));
				return file === undefined ? [] : [{file, names}];
			}),
			exportedValues: [...declarations].map(([, name = '']) => name),
		};
	});
}

interface RelativeImport {
	readonly from: string;
	readonly names: SourceImport['names'];
}

function importsOf(code: string): readonly RelativeImport[] {
	const statements = code.matchAll(/^(?:import|export) (?:type )?(?:\{([^}]*)\}|[^'{;]*) from '(\.[^']+)'/gm);
	const whole = code.matchAll(/\bimport(?: |\()'(\.[^']+)'/g);
	return [
		...[...statements].map(([, names, from = '']) => ({
			from,
			names: names === undefined ? undefined : importedNames(names),
		})),
		...[...whole].map(([, from = '']) => ({from, names: undefined})),
	];
}

/** The names in the module that they come from: `type Lane as PoolLane` imports `Lane`. */
function importedNames(bindings: string): readonly string[] {
	return [...bindings.matchAll(/(\w+)(?: as \w+)?\s*(?:,|$)/g)].map(([, name = '']) => name);
}
