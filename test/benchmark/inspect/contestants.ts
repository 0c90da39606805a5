import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {programPath} from '../../support/program.js';

/** A program that visits every key of a Redis. */
export type Contestant = {
	readonly name: string;
	readonly command: (port: number) => readonly [string, ...string[]];
};

const scanProcess = fileURLToPath(new URL('./scan-process.ts', import.meta.url));

/** A scan with type, TTL and size of each key; with a rate, for ever. */
export const ownScan = (port: number, rate?: number): readonly [string, ...string[]] => [
	process.execPath,
	'--import',
	'tsx',
	scanProcess,
	String(port),
	...(rate === undefined ? [] : [String(rate)]),
];

const redisCli = (option: string): Contestant => ({
	name: `redis-cli ${option}`,
	command: (port) => ['redis-cli', '-p', String(port), option],
});

export const memkeys = redisCli('--memkeys');
export const bigkeys = redisCli('--bigkeys');
export const namesOnly = redisCli('--scan');

/** The built program as a person types it: with its start, two threads, and a line of JSON for each key. */
export const program: Contestant = {
	name: 'redis-cache-tui keys --json',
	command: (port) => [
		process.execPath,
		programPath,
		'keys',
		'--json',
		'--url',
		`redis://127.0.0.1:${port}`,
		'--scan-rate',
		'100000000',
	],
};

/** Starts a contestant without a terminal; `output`: its standard output is wanted. */
export function start([file, ...args]: readonly [string, ...string[]], output: 'pipe' | 'ignore'): ChildProcess {
	return spawn(file, args, {
		stdio: ['ignore', output, 'ignore'],
		env: {...process.env, XDG_CONFIG_HOME: '/nonexistent'},
	});
}
