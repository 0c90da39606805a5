import {fileURLToPath} from 'node:url';
import type {ServerBinary} from './find-server.js';

/** How the guard starts a server. In `args` the words `{port}` and `{directory}` stand for what the guard fills in. */
export type Launch = {
	/** For messages: `redis-server`. */
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	/** Appended as they are. */
	readonly furtherArgs: readonly string[];
	/** Where the server may write; made empty before each start, removed at the end. Undefined: it needs none. */
	readonly directory: string | undefined;
};

/** A real server: loopback only, nothing kept on disk. */
export function launchOfBinary(binary: ServerBinary, directory: string, furtherArgs: readonly string[]): Launch {
	const args = ['--port', '{port}', '--bind', '127.0.0.1', '--dir', '{directory}', '--save', '', '--appendonly', 'no'];
	// Before version 7 DEBUG was always allowed, and the option would be refused as unknown.
	if (Number.parseInt(binary.version, 10) >= 7) args.push('--enable-debug-command', 'local');
	return {name: binary.name, command: binary.path, args, furtherArgs, directory};
}

/** The server of this package, on the Node that runs now. */
export function launchOfBuiltIn(): Launch {
	const main = fileURLToPath(new URL('./built-in/main.js', import.meta.url));
	return {
		name: 'built-in server',
		command: process.execPath,
		args: [main, '--port', '{port}'],
		furtherArgs: [],
		directory: undefined,
	};
}
