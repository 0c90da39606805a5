import {spawnSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {bundleProgram} from './bundle-program.js';
import {entryPoints} from './entry-points.js';
import {replaceContents, unfinishedFolder} from './replace-contents.js';

// `npm run build`: tsc compiles the library, file by file; esbuild bundles the program. Both write to a folder of their
// own, since a program may be running that starts its worker threads and child processes from `dist/`.

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const next = unfinishedFolder(dist);
const tsc = join(dirname(fileURLToPath(import.meta.resolve('@typescript/native/package.json'))), 'bin/tsc');

try {
	const compile = [tsc, '-p', 'source/tsconfig.json', '--outDir', next];
	if (spawnSync(process.execPath, compile, {cwd: root, stdio: 'inherit'}).status === 0) {
		await bundleProgram(next);
		replaceContents(dist, next, Object.values(entryPoints));
	} else {
		process.exitCode = 1;
	}
} finally {
	rmSync(next, {recursive: true, force: true});
}
