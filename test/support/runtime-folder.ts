import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll} from 'vitest';

export type RuntimeFolder = {
	/** `$XDG_RUNTIME_DIR` of the tests and of the processes they start. */
	readonly path: string;
	/** The folder for sockets in it. */
	readonly sockets: string;
	/** Environment variables for processes, so that they create their sockets here. */
	readonly env: Readonly<Record<string, string>>;
};

/** A folder for the sockets of live processes, separate from that of the machine. Call it at the top of a file. */
export function runtimeFolder(): RuntimeFolder {
	// The name is short, since the path of a socket is limited to about a hundred bytes.
	const path = mkdtempSync(join(tmpdir(), 'rct-'));
	// Processes must not use the settings of the person who runs the tests.
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
