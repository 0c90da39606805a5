import {readdir, readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {DrillFileError, DrillNotFoundError} from './drill-errors.js';
import type {Drill} from './drill-types.js';
import {readDrill} from './read-drill.js';

/** Larger than any drill that a person wrote. */
const maxFileBytes = 1_000_000;

const folder = new URL('./library/', import.meta.url);

/** The names of the drills that come with the program, `default` first. */
export async function drillNames(): Promise<readonly string[]> {
	const files = await readdir(folder);
	const names = files
		.filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
		.map((file) => file.slice(0, -'.json'.length));
	return names.sort((a, b) => Number(b === 'default') - Number(a === 'default') || a.localeCompare(b));
}

/** The drills that come with the program, `default` first. */
export async function listDrills(): Promise<readonly Drill[]> {
	const names = await drillNames();
	return Promise.all(
		names.map(async (name) => readDrill(await readFile(new URL(`${name}.json`, folder), 'utf8'), `${name}.json`)),
	);
}

/**
 * A drill by its name, or from a file: whatever has a dot or a slash in it is taken for a path.
 *
 * @throws {DrillNotFoundError} There is neither.
 * @throws {DrillFileError} The file cannot be read as a drill.
 */
export async function loadDrill(nameOrPath: string): Promise<Drill> {
	const names = await drillNames();
	if (names.includes(nameOrPath))
		return readDrill(await readFile(new URL(`${nameOrPath}.json`, folder), 'utf8'), `${nameOrPath}.json`);
	if (!/[./\\]/.test(nameOrPath)) throw new DrillNotFoundError(nameOrPath, names);
	let text: string;
	try {
		text = await readFile(resolve(nameOrPath), 'utf8');
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') throw new DrillNotFoundError(nameOrPath, names);
		throw new DrillFileError(nameOrPath, [{line: 1, path: '', message: `cannot be read: ${code ?? String(error)}`}]);
	}
	if (text.length > maxFileBytes)
		throw new DrillFileError(nameOrPath, [{line: 1, path: '', message: `is larger than ${maxFileBytes} bytes`}]);
	return readDrill(text, nameOrPath);
}
