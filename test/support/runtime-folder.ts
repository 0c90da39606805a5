import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll} from 'vitest';

export type RuntimeFolder = {
	/** `$XDG_RUNTIME_DIR` of the tests and of the processes that they start. */
	readonly path: string;
	/** The folder of sockets in it. */
	readonly sockets: string;
	/** The environment for processes: their sockets are here and nowhere else. */
	readonly env: Readonly<Record<string, string>>;
};

/** A folder for the sockets of live processes, apart from those of the machine. Call it at the top of a file. */
export function runtimeFolder(): RuntimeFolder {
	// Short: the path of a socket has about a hundred bytes.
	const path = mkdtempSync(join(tmpdir(), 'rct-'));
	// The settings of the person who runs the tests are not theirs.
	const env = {XDG_RUNTIME_DIR: path, TMPDIR: path, XDG_CONFIG_HOME: path};
	const before = {
		XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR,
		TMPDIR: process.env.TMPDIR,
		XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME,
	};
	beforeAll(() => {
		Object.assign(process.env, env);
	});
	afterAll(() => {
		for (const [name, value] of Object.entries(before)) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
		rmSync(path, {recursive: true, force: true});
	});
	return {path, sockets: join(path, 'redis-cache-tui'), env};
}
