import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import envPaths from 'env-paths';
import type {ParseError} from 'jsonc-parser';
import {closestMatch} from 'leven';
import {type RawSettings, settingNames} from './settings.js';
import {UsageError} from './usage-error.js';

export type ConfigFile = {
	readonly path: string;
	readonly exists: boolean;
	readonly values: RawSettings;
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

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

/** `invalidSymbol` → `invalid symbol` */
const spaced = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();

/**
 * Reads the configuration file. A missing file is an empty one.
 *
 * @throws {UsageError} The file cannot be read, is not JSON, or has an unknown setting.
 */
export async function readConfigFile(path = configPath()): Promise<ConfigFile> {
	const text = read(path);
	if (text === undefined) return {path, exists: false, values: {}, where: () => path};
	// Imported only if there is a file, because it delays the start.
	const {parseTree, getNodeValue, findNodeAtLocation, printParseErrorCode} = await import('jsonc-parser');
	const errors: ParseError[] = [];
	const tree = parseTree(text, errors, {allowTrailingComma: true});
	const [error] = errors;
	// No message quotes the file, since it may contain a URL with a password.
	if (error) {
		const reason = spaced(printParseErrorCode(error.error));
		throw new UsageError(
			`the configuration file ${path}:${lineAt(text, error.offset)} is not valid JSON (${reason}): fix it or remove it`,
		);
	}
	if (tree?.type !== 'object')
		throw new UsageError(`the configuration file ${path} must be a JSON object, such as {"theme": "light"}`);
	const values = getNodeValue(tree) as RawSettings;
	const where = (name: string) => {
		const offset = findNodeAtLocation(tree, [name])?.parent?.offset;
		return offset === undefined ? path : `${path}:${lineAt(text, offset)}`;
	};
	for (const name of Object.keys(values)) {
		if (settingNames.some((setting) => setting === name)) continue;
		const meant = closestMatch(name, settingNames, {maxDistance: 3});
		throw new UsageError(
			`the configuration file ${where(name)} has an unknown setting ${JSON.stringify(name)}${meant ? `; did you mean ${JSON.stringify(meant)}?` : ''}`,
		);
	}
	return {path, exists: true, values, where};
}
