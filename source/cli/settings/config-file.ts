import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import envPaths from 'env-paths';
import {closestMatch} from 'leven';
import {connectionFields, type RawConnection} from './connections.js';
import {type RawSettings, settingNames} from './settings.js';
import {UsageError} from './usage-error.js';

export type ConfigFile = {
	readonly path: string;
	readonly exists: boolean;
	readonly values: RawSettings;
	readonly connections: readonly RawConnection[];
	/** Path and line of a setting: `~/.config/redis-cache-tui/config.json:3`. */
	where(setting: string): string;
};

/** Path of `config.json` in the platform's folder for settings: `~/.config/redis-cache-tui/` on Linux. */
function configPath(): string {
	return join(envPaths('redis-cache-tui', {suffix: ''}).config, 'config.json');
}

function read(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw new UsageError(`cannot read the configuration file ${path}: ${(error as Error).message}`, {cause: error});
	}
}

/**
 * Reads the configuration file. A missing file counts as an empty one.
 *
 * @throws {UsageError} The file cannot be read, is not JSON, or has a setting that is unknown or given twice.
 */
export async function readConfigFile(path = configPath()): Promise<ConfigFile> {
	const text = read(path);
	if (text === undefined) return {path, exists: false, values: {}, connections: [], where: () => path};
	// Imported only if there is a file, because it delays the start.
	const {LocatedJson} = await import('../../text/located-json.js');
	const json = LocatedJson.parse(text);
	// No message quotes the file, since it may contain a URL with a password.
	if (!(json instanceof LocatedJson)) {
		throw new UsageError(
			`the configuration file ${path}:${json.line} is not valid JSON (${json.reason}): fix it or remove it`,
		);
	}
	const value = json.value();
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new UsageError(`the configuration file ${path} must be a JSON object, such as {"theme": "light"}`);
	const {connections, ...values}: RawSettings & {readonly connections?: unknown} = value;
	const where = (name: string) => (Object.hasOwn(value, name) ? `${path}:${json.lineOf([], name)}` : path);
	refuseUnknown(Object.keys(values), [...settingNames, 'connections'], where, 'setting');
	const [duplicate] = json.duplicates();
	if (duplicate) {
		throw new UsageError(
			`the configuration file ${path}:${duplicate.line} has ${JSON.stringify(duplicate.path.at(-1))} twice, first in line ${duplicate.firstLine}: remove one of them`,
		);
	}
	const lineOf = (...within: readonly string[]) => `${path}:${json.lineOf([...within])}`;
	return {path, exists: true, values, connections: connectionsOf(connections, lineOf), where};
}

/** @throws {UsageError} A field is not one of the known ones. */
function refuseUnknown(
	names: readonly string[],
	known: readonly string[],
	where: (name: string) => string,
	what: string,
): void {
	for (const name of names) {
		if (known.includes(name)) continue;
		const meant = closestMatch(name, known, {maxDistance: 3});
		throw new UsageError(
			`the configuration file ${where(name)} has an unknown ${what} ${JSON.stringify(name)}${meant ? `; did you mean ${JSON.stringify(meant)}?` : ''}`,
		);
	}
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The connections as written in the file. Their values are not validated. */
function connectionsOf(value: unknown, lineOf: (...within: readonly string[]) => string): readonly RawConnection[] {
	if (value === undefined) return [];
	const example = '{"shop": {"url": "rediss://cache.example", "color": "red", "readOnly": true}}';
	if (!isRecord(value))
		throw new UsageError(
			`connections in the configuration file ${lineOf('connections')} must be an object: ${example}`,
		);
	return Object.entries(value).map(([name, values]) => {
		const where = (field?: string) => lineOf('connections', name, ...(field === undefined ? [] : [field]));
		if (!isRecord(values))
			throw new UsageError(`the connection ${name} in the configuration file ${where()} must be an object: ${example}`);
		refuseUnknown(Object.keys(values), connectionFields, where, `setting of the connection ${name}:`);
		return {name, values, where};
	});
}
