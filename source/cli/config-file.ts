import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import envPaths from 'env-paths';
import {closestMatch} from 'leven';
import {type RawSettings, settingNames} from './settings.js';
import {UsageError} from './usage-error.js';

export type ConfigFile = {
	readonly path: string;
	readonly exists: boolean;
	readonly values: RawSettings;
};

/** `config.json` where the platform keeps settings: `~/.config/redis-cache-tui/` on Linux. */
export function configPath(): string {
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

function parse(text: string, path: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		// The parser's own message quotes the file, which may hold a URL with a password.
		throw new UsageError(`the configuration file ${path} is not valid JSON: mend it or remove it`, {cause: error});
	}
}

/** @throws {UsageError} a file that cannot be read, is not JSON, or has settings that do not exist. */
export function readConfigFile(path = configPath()): ConfigFile {
	const text = read(path);
	if (text === undefined) return {path, exists: false, values: {}};
	const values = parse(text, path);
	if (typeof values !== 'object' || values === null || Array.isArray(values)) {
		throw new UsageError(`the configuration file ${path} must be a JSON object, such as {"theme": "light"}`);
	}
	for (const name of Object.keys(values)) {
		if (settingNames.some((setting) => setting === name)) continue;
		const meant = closestMatch(name, settingNames, {maxDistance: 3});
		throw new UsageError(
			`the configuration file ${path} has an unknown setting ${JSON.stringify(name)}${meant ? `; did you mean ${JSON.stringify(meant)}?` : ''}`,
		);
	}
	return {path, exists: true, values};
}
