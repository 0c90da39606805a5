import {spawn} from 'node:child_process';
import {mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {delimiter, isAbsolute, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {type Results, readResults} from './results.js';
import {versionOf} from './version-of.js';

const usage =
	'usage: npm run test:servers -- PATH… [--tests FOLDER_OR_FILE,…]   PATH of a redis-server or valkey-server';
const root = fileURLToPath(new URL('../../', import.meta.url));
const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {tests: {type: 'string', default: 'test/cache,test/pool,test/inspect'}},
});

function exitWith(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(2);
}

/** Runs the tests with a folder first on PATH in which the server is called `redis-server`. */
async function runOn(path: string): Promise<Results> {
	const folder = await mkdtemp(join(tmpdir(), 'rct-servers-'));
	const output = join(folder, 'results.json');
	try {
		await symlink(path, join(folder, 'redis-server'));
		const vitest = join(root, 'node_modules/vitest/vitest.mjs');
		const config = join(root, 'test/vitest.config.ts');
		const args = [vitest, 'run', '--config', config, '--reporter=json', `--outputFile=${output}`];
		await new Promise<void>((done, failed) => {
			const child = spawn(process.execPath, [...args, ...values.tests.split(',')], {
				cwd: root,
				stdio: ['ignore', 'ignore', 'inherit'],
				env: {...process.env, CI: 'true', PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`},
			});
			child.once('error', failed);
			child.once('close', () => done());
		});
		return await readResults(output);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

if (positionals.length === 0) exitWith(usage);
const servers = positionals.map((path) => {
	const absolute = isAbsolute(path) ? path : resolve(process.env.INIT_CWD ?? process.cwd(), path);
	const version = versionOf(absolute);
	if (version === undefined) exitWith(`${path} does not print the version of a Redis or Valkey server\n${usage}`);
	return {path: absolute, version};
});
const lines = ['| server | passed | failed | skipped | seconds |', '| --- | ---: | ---: | ---: | ---: |'];
for (const {path, version} of servers) {
	process.stdout.write(`== ${version}\n`);
	const startedAt = performance.now();
	const {passed, failed, skipped, failures} = await runOn(path);
	const seconds = Math.round((performance.now() - startedAt) / 1000);
	for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
	lines.push(`| ${version} | ${passed} | ${failed} | ${skipped} | ${seconds} |`);
	if (failed > 0 || passed === 0) process.exitCode = 1;
}
process.stdout.write(`\n${lines.join('\n')}\n`);
