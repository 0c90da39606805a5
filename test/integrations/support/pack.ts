import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {TestProject} from 'vitest/node';

declare module 'vitest' {
	interface ProvidedContext {
		/** Path of the packed program. */
		tarball: string;
	}
}

/** Packs the program once for all files of the run. It is not built anew. */
export default function pack({provide}: TestProject): () => void {
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-packed-'));
	const root = fileURLToPath(new URL('../../../', import.meta.url));
	const printed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [packed]: {filename: string}[] = JSON.parse(printed);
	if (!packed) throw new Error('npm pack reported no package');
	provide('tarball', join(folder, packed.filename));
	return () => rmSync(folder, {recursive: true, force: true});
}
