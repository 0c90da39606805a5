import {fileURLToPath} from 'node:url';
import type {ServerBinary} from './find-server.js';

/**
 * The command line of a server. The guard replaces the words `{port}`, `{directory}` and `{config}` in `args`. Anybody
 * on the machine can read it, so the password is not in it.
 */
export type Launch = {
	/** Name in messages: `redis-server`. */
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	/** Appended unchanged. */
	readonly furtherArgs: readonly string[];
	/** Empty for none. A binary reads it from its configuration file, the built-in server from its standard input. */
	readonly password: string;
	/** Directory of the server, created empty before each start and removed at the end. Undefined if it needs none. */
	readonly directory: string | undefined;
};

/** Launches a server binary: loopback only, without persistence. */
export function launchOfBinary(
	binary: ServerBinary,
	directory: string,
	password: string,
	furtherArgs: readonly string[],
): Launch {
	const config = password === '' ? [] : ['{config}'];
	const args = [
		...config,
		'--port',
		'{port}',
		'--bind',
		'127.0.0.1',
		'--dir',
		'{directory}',
		'--save',
		'',
		'--appendonly',
		'no',
	];
	// Before version 7, DEBUG is always allowed and the option unknown.
	if (Number.parseInt(binary.version, 10) >= 7) args.push('--enable-debug-command', 'local');
	return {name: binary.name, command: binary.path, args, furtherArgs, password, directory};
}

/** Launches the built-in server, with the current Node. */
export function launchOfBuiltIn(password: string): Launch {
	const main = fileURLToPath(new URL('./built-in/main.js', import.meta.url));
	return {
		name: 'built-in server',
		command: process.execPath,
		args: [main, '--port', '{port}', ...(password === '' ? [] : ['--requirepass', '-'])],
		furtherArgs: [],
		password,
		directory: undefined,
	};
}
