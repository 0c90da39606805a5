import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {isSameWord} from '../text/same-word.js';
import type {Drill} from './drill.js';
import {DrillFileError, DrillNotFoundError} from './file/drill-errors.js';
import {readDrill} from './file/read-drill.js';

/** The built-in drills, each a file in `library/`, in the order in which they are listed. */
export const drillNames = [
	'default',
	'black-hole',
	'failover',
	'flapping',
	'frozen-server',
	'hung-handshake',
	'intermittent-errors',
	'lagging-replica',
	'loading',
	'long-outage',
	'lossy-network',
	'lost-node',
	'memory-full',
	'read-only',
	'reshard',
	'restart-empty',
	'skewed-clocks',
	'slow-redis',
	'split-brain',
	'stalled-network',
	'thundering-herd',
] as const;

type DrillName = (typeof drillNames)[number];

/** Larger than any drill that a person wrote. */
const maxFileBytes = 1_000_000;

const folder = new URL('./library/', import.meta.url);

/** Reads every built-in drill. */
export async function listDrills(): Promise<readonly Drill[]> {
	return Promise.all(drillNames.map(loadLibraryDrill));
}

/**
 * Loads a drill by its name, in any spelling (`isSameWord`), or from a file: a text with a dot or a slash in it is a
 * path.
 *
 * @throws {DrillNotFoundError} There is neither.
 * @throws {DrillFileError} The file is not a valid drill.
 */
export async function loadDrill(nameOrPath: string): Promise<Drill> {
	const name = libraryNameOf(nameOrPath);
	if (name !== undefined) return loadLibraryDrill(name);
	if (!/[./\\]/.test(nameOrPath)) throw new DrillNotFoundError(nameOrPath, drillNames);
	return readDrill(await readDrillFile(nameOrPath), nameOrPath);
}

/** True for the name of a built-in drill, in any spelling. */
export function isDrillName(text: string): boolean {
	return libraryNameOf(text) !== undefined;
}

function libraryNameOf(text: string): DrillName | undefined {
	return drillNames.find((known) => isSameWord(known, text));
}

async function loadLibraryDrill(name: DrillName): Promise<Drill> {
	return readDrill(await readFile(new URL(`${name}.json`, folder), 'utf8'), `${name}.json`);
}

async function readDrillFile(path: string): Promise<string> {
	let text: string;
	try {
		text = await readFile(resolve(path), 'utf8');
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') throw new DrillNotFoundError(path, drillNames);
		throw new DrillFileError(path, [{line: 1, path: '', message: `cannot be read: ${code ?? String(error)}`}]);
	}
	if (text.length > maxFileBytes)
		throw new DrillFileError(path, [{line: 1, path: '', message: `is larger than ${maxFileBytes} bytes`}]);
	return text;
}
