import {fileURLToPath} from 'node:url';
import {clockEnvironment} from './clock-library.js';
import type {ServerBinary} from './find-server.js';

/** Offset of a node's cluster bus port from its port. */
const busOffset = 10_000;

/** Milliseconds after which the nodes of a cluster mark an unreachable node as failed. */
const nodeTimeoutMs = 2000;

/**
 * The command line of a server. The guard replaces the words `{port}`, `{directory}`, `{config}` and `{clock}` in `args`. Anybody
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
	/** Content of the configuration file `{config}`. Empty if there is none. */
	readonly config: string;
	/** Directory of the server, created empty before each start and removed at the end. Undefined if it needs none. */
	readonly directory: string | undefined;
	/** True to keep the content of the directory when the server is restarted, so that it remembers its cluster. */
	readonly keepsDirectory?: boolean;
	/** The highest acceptable port. Default: any. */
	readonly highestPort?: number;
	/** Added to the environment of the server, with the same words replaced. */
	readonly environment?: Readonly<Record<string, string>>;
	/**
	 * How the offset of the server's clock is set: by a file that libfaketime reads, or on its standard input. Undefined if it
	 * cannot be set.
	 */
	readonly clock?: 'file' | 'input';
};

/** Makes the clock of a server settable through libfaketime, which makes each reading of the clock slower. */
export function withClock(launch: Launch, library: string): Launch {
	return {...launch, clock: 'file', environment: clockEnvironment(library, '{clock}')};
}

/** Launches a server binary: loopback only, without persistence. */
export function launchOfBinary(
	binary: ServerBinary,
	directory: string,
	password: string,
	furtherArgs: readonly string[],
): Launch {
	const args = [
		...(password === '' ? [] : ['{config}']),
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
	const config = password === '' ? '' : `requirepass "${password}"\n`;
	return {name: binary.name, command: binary.path, args, furtherArgs, password, config, directory};
}

/** Launches a master or a replica. They log in to each other with the same password. */
export function launchOfReplica(binary: ServerBinary, directory: string, password: string): Launch {
	const launch = launchOfBinary(binary, directory, password, [
		'--repl-diskless-sync-delay',
		'0',
		// A cluster does not list a replica before something was replicated, at least a ping.
		'--repl-ping-replica-period',
		'1',
	]);
	const config = password === '' ? '' : `${launch.config}masterauth "${password}"\n`;
	return {...launch, config, keepsDirectory: true};
}

/** Launches a node of a cluster. */
export function launchOfClusterNode(binary: ServerBinary, directory: string, password: string): Launch {
	const launch = launchOfReplica(binary, directory, password);
	const clusterArgs = [
		['--cluster-enabled', 'yes'],
		['--cluster-node-timeout', String(nodeTimeoutMs)],
		// If one node is lost, the others stay in use, as most cloud providers configure it.
		['--cluster-require-full-coverage', 'no'],
	];
	const furtherArgs = [...launch.furtherArgs, ...clusterArgs.flat()];
	return {...launch, furtherArgs, highestPort: 65_535 - busOffset};
}

/** Launches a Sentinel, which stores its state in its configuration file. */
export function launchOfSentinel(binary: ServerBinary, directory: string, password: string): Launch {
	return {
		name: `${binary.name} --sentinel`,
		command: binary.path,
		args: ['{config}', '--sentinel', '--port', '{port}', '--bind', '127.0.0.1', '--dir', '{directory}'],
		furtherArgs: [],
		password,
		config: password === '' ? '' : `requirepass "${password}"\n`,
		directory,
		keepsDirectory: true,
	};
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
		config: '',
		directory: undefined,
		clock: 'input',
	};
}
