import {basename, extname} from 'node:path';
import type {InspectOptions} from '../api/cache-options.js';
import {checkName} from '../keys/check-key.js';
import {checkFlag, checkNames, optionNames} from './checks.js';

export type InspectSettings = {readonly name: string; readonly commands: boolean};

const names = optionNames('name', 'commands');

const switchedOff: ReadonlySet<string> = new Set(['', '0', 'false', 'no', 'off']);
const switchedOn: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);

/**
 * @returns `undefined` if the cache is not offered to viewers.
 * @throws {RedisCacheError} the option cannot be used.
 */
export function inspectSettings(option: boolean | InspectOptions | undefined): InspectSettings | undefined {
	if (typeof option === 'object') {
		checkNames(option, 'inspect', names);
		checkFlag(option.commands, 'inspect.commands');
		if (option.name !== undefined) checkName(option.name, 'inspect.name');
		return {name: option.name ?? nameOfProgram(), commands: option.commands ?? false};
	}
	checkFlag(option, 'inspect');
	if (option !== undefined) return option ? {name: nameOfProgram(), commands: false} : undefined;
	const asked = process.env.REDIS_CACHE_TUI_INSPECT ?? '';
	if (switchedOff.has(asked.toLowerCase())) return undefined;
	return {name: switchedOn.has(asked.toLowerCase()) ? nameOfProgram() : usable(asked), commands: false};
}

/** The package that npm runs, else the file that Node.js was started with. */
function nameOfProgram(): string {
	const file = process.argv[1];
	return usable(process.env.npm_package_name ?? (file === undefined ? '' : basename(file, extname(file))));
}

/**
 * Replaces characters that names must not contain, so that an unusual environment does not prevent an application from
 * starting.
 */
function usable(text: string): string {
	const name = text.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-+|-+$/g, '');
	return name === '' ? 'node' : name.slice(0, 64);
}
