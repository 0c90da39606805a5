import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll} from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A file or folder of `media/` in a directory of its own, where its packages are installed. For the tests of a file. */
export class CopiedExample {
	#directory = '';

	/** @param path Below `media/`. */
	constructor(path: string) {
		beforeAll(() => {
			this.#directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
			const from = join(root, 'media', path);
			cpSync(from, path.endsWith('.mjs') ? join(this.#directory, 'example.mjs') : this.#directory, {recursive: true});
			const packages = join(root, 'test/applications/node_modules');
			const modules = join(this.#directory, 'node_modules');
			mkdirSync(modules);
			for (const name of readdirSync(packages)) symlinkSync(join(packages, name), join(modules, name));
			symlinkSync(root, join(modules, 'redis-cache-tui'));
		});
		afterAll(() => rmSync(this.#directory, {recursive: true, force: true}));
	}

	get directory(): string {
		return this.#directory;
	}
}
