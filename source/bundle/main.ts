import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {bundleProgram} from './bundle-program.js';
import {entryPoints} from './entry-points.js';
import {copyTestingTypes, removePrivateTypes} from './public-types.js';
import {replaceContents, unfinishedFolder} from './replace-contents.js';

// `npm run build`: tsc compiles the library file by file, and esbuild bundles the program. Both write to a temporary folder,
// since a running program may start worker threads and child processes from `dist/` at any time.

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const next = unfinishedFolder(dist);
const tsc = join(dirname(fileURLToPath(import.meta.resolve('@typescript/native/package.json'))), 'bin/tsc');

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	readonly exports: Readonly<Record<string, unknown>>;
};
const types = mkdtempSync(join(tmpdir(), 'redis-cache-tui-types-'));
const compile = (project: string, folder: string) =>
	spawnSync(process.execPath, [tsc, '-p', project, '--outDir', folder], {cwd: root, stdio: 'inherit'}).status === 0;

try {
	if (compile('source/tsconfig.json', next) && compile('source/testing/tsconfig.json', types)) {
		copyTestingTypes(types, next);
		removePrivateTypes(next, manifest.exports);
		await bundleProgram(next);
		replaceContents(dist, next, Object.values(entryPoints));
	} else {
		process.exitCode = 1;
	}
} finally {
	for (const folder of [next, types]) rmSync(folder, {recursive: true, force: true});
}
