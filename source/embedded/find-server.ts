import {execFile} from 'node:child_process';
import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import {delimiter, isAbsolute, join} from 'node:path';

export type ServerBinary = {
	readonly path: string;
	readonly name: 'redis-server' | 'valkey-server';
	/** `7.0.15` */
	readonly version: string;
};

const names = ['redis-server', 'valkey-server'] as const;

/** Finds the first server binary on PATH that runs. It does not use a shell. */
export async function findServer(path = process.env.PATH ?? ''): Promise<ServerBinary | undefined> {
	// Relative entries of PATH are skipped: they would run any file of that name in the current directory.
	const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
	for (const name of names) {
		for (const folder of folders) {
			const file = join(folder, name);
			if (!(await isExecutable(file))) continue;
			const version = await versionOf(file);
			if (version !== undefined) return {path: file, name, version};
		}
	}
	return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
}

/** Parses `Redis server v=7.0.15 sha=…`; undefined if the program does not run or prints something else. */
function versionOf(file: string): Promise<string | undefined> {
	return new Promise((resolve) => {
		execFile(file, ['--version'], {timeout: 2000, killSignal: 'SIGKILL'}, (error, stdout) => {
			resolve(error ? undefined : /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1]);
		});
	});
}
