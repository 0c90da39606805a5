import {spawnSync} from 'node:child_process';

/** A language, other than that of Node.js, in which an application is written. */
export type Language = {
	/** Runs a program of it: the first arguments of the command line. */
	readonly command: readonly string[];
	/** Packages of Debian that bring it, and its client for Redis. */
	readonly packages: string;
	readonly isMissing: boolean;
};

export const languages = {
	// A Python that is not Debian's does not have Debian's packages.
	python: language(['/usr/bin/python3'], ['-c', 'import redis'], 'python3-redis'),
	php: language(['php'], ['-r', 'exit(extension_loaded("redis") ? 0 : 1);'], 'php-cli php-redis'),
	ruby: language(['ruby'], ['-e', 'require "redis"'], 'ruby-redis'),
	'redis-benchmark': language(['redis-benchmark'], ['--version'], 'redis-tools'),
} as const;

/** @param check Arguments with which it succeeds if its client for Redis is there. */
function language(command: readonly [string], check: readonly string[], packages: string): Language {
	const {status} = spawnSync(command[0], check, {stdio: 'ignore', timeout: 20_000});
	return {command, packages, isMissing: status !== 0};
}
