import {execFile} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterAll, beforeAll} from 'vitest';

const run = promisify(execFile);

/** The checkout. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export type PackedFile = {readonly path: string; readonly mode: number};

/** Variables of an npm that runs these tests are left out: the inner npm must behave like a user's. */
const npmSettings = Object.keys(process.env).filter((name) =>
	/^npm_(?!config_(registry|cache|userconfig|globalconfig))/i.test(name),
);

/** Changes to the environment of programs, undefined for variables to remove. */
export const changes = {
	...Object.fromEntries(npmSettings.map((name) => [name, undefined])),
	REDIS_URL: undefined,
	NODE_ENV: undefined,
	XDG_CONFIG_HOME: '/nonexistent',
	LC_ALL: 'C.UTF-8',
};
export const env = {...process.env, ...changes};

/**
 * Installs the package in a directory of its own, far from the checkout, so that nothing of it is found by accident. For
 * the tests of a file.
 */
export class InstalledPackage {
	#directory = '';
	#files: readonly PackedFile[] = [];

	constructor() {
		beforeAll(async () => {
			this.#directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
			const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', this.#directory];
			const pack = await run('npm', words, {cwd: root});
			const [packed]: {filename: string; files: PackedFile[]}[] = JSON.parse(pack.stdout);
			if (!packed) throw new Error('npm pack reported no package');
			this.#files = packed.files;
			await installPackages(this.#directory, join(this.#directory, packed.filename));
		}, 240_000);
		// Thousands of files: on a busy machine longer than the time-out of other hooks.
		afterAll(() => rm(this.#directory, {recursive: true, force: true}), 240_000);
	}

	get directory(): string {
		return this.#directory;
	}

	/** Files of the package. */
	get files(): readonly PackedFile[] {
		return this.#files;
	}
}

/** Makes a directory an application with these packages. */
export async function installPackages(directory: string, ...packages: readonly string[]): Promise<void> {
	writeFileSync(join(directory, 'package.json'), '{"name": "elsewhere", "private": true, "type": "module"}');
	await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], {cwd: directory});
}
