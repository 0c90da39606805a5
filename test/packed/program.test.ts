import {execFile} from 'node:child_process';
import {copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {describe, expect, it} from 'vitest';
import {RedisCache} from '../../source/cache/redis-cache.js';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import {belongingsOf, leftoversOf} from '../support/leftovers.js';
import {openTerminal} from '../support/terminal.js';
import {until} from '../support/until.js';
import {changes, env, InstalledPackage, root} from './installed-package.js';

const run = promisify(execFile);

// Most tests wait for a process: those that start one run at the same time.
describe('the package', () => {
	const installed = new InstalledPackage();

	it('has the built program, README, changelog and license, and nothing else', () => {
		const {files} = installed;
		const others = files.map(({path}) => path).filter((path) => !path.startsWith('dist/'));
		expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
		const built = new Set(files.filter(({path}) => path.startsWith('dist/')).map(({path}) => path.split('/')[1]));
		const library = [
			'adapters',
			'cache',
			'index.d.ts',
			'index.js',
			'metrics',
			'open-telemetry',
			'pool',
			'text',
			'time',
		];
		// Declarations that those of the test kit name.
		const ofTests = ['faults', 'tap', 'testing', 'workload'];
		expect([...built].sort()).toEqual([...library, ...ofTests, 'cli.js', 'drills', 'program'].sort());
		const kinds = new Set(
			files.filter(({path}) => path.startsWith('dist/')).map(({path}) => path.replace(/^.*?(\.d\.ts|\.\w+)$/, '$1')),
		);
		expect([...kinds].sort()).toEqual(['.d.ts', '.js', '.json', '.mjs', '.txt', '.wasm']);
	});

	it('installs at most five packages of its own choice, and 12 MB in all', () => {
		const {directory} = installed;
		const folder = join(directory, 'node_modules');
		const manifest = JSON.parse(readFileSync(join(folder, 'redis-cache-tui', 'package.json'), 'utf8')) as {
			dependencies: Record<string, string>;
		};
		expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(5);
		const sizes = readdirSync(folder, {recursive: true, withFileTypes: true})
			.filter((entry) => entry.isFile())
			.map((entry) => statSync(join(entry.parentPath, entry.name)).blocks * 512);
		expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(12_000_000);
	});

	it('brings the packages of the program in its bundle with their licenses, and installs none of them', () => {
		const {directory} = installed;
		const folder = join(directory, 'node_modules');
		const licenses = readFileSync(join(folder, 'redis-cache-tui/dist/program/third-party-licenses.txt'), 'utf8');
		for (const name of [
			...['ink', 'react', 'react-reconciler', 'yoga-layout', 'meow', 'ajv', 'jsonc-parser', 'env-paths'],
			...['lua-redis-wasm', 'msgpackr', 'string-width', 'asciichart'],
		]) {
			expect(existsSync(join(folder, name)), name).toBe(false);
			expect(licenses).toMatch(new RegExp(`^${name} \\d[^]*?MIT`, 'm'));
		}
		expect(licenses).toContain('Lua.org, PUC-Rio');
	});

	it('names nothing of the machine that built it', () => {
		const {directory, files} = installed;
		const folder = join(directory, 'node_modules', 'redis-cache-tui');
		for (const {path} of files) {
			const text = readFileSync(join(folder, path), 'utf8');
			expect(text.includes(root) || text.includes(directory), path).toBe(false);
		}
	});

	it.concurrent('installs an executable that npx starts', async () => {
		const {directory} = installed;
		const bin = join(directory, 'node_modules', '.bin', 'redis-cache-tui');
		expect(statSync(bin).mode & 0o111).toBe(0o111);
		const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string};
		expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`\n## ${version}\n`);
		expect((await run('npx', ['--no-install', 'redis-cache-tui', '--version'], {cwd: directory, env})).stdout).toBe(
			`${version}\n`,
		);
	});

	it.concurrent('gives the library with its types', async () => {
		const {directory} = installed;
		const folder = join(directory, 'node_modules', 'redis-cache-tui');
		const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
			exports: {'.': {types: string; default: string}};
		};
		expect(existsSync(join(folder, manifest.exports['.'].types))).toBe(true);
		const script = "const {RedisCache} = await import('redis-cache-tui'); console.log(typeof RedisCache);";
		expect((await run(process.execPath, ['--input-type=module', '-e', script], {cwd: directory, env})).stdout).toBe(
			'function\n',
		);
	});

	it.concurrent('works without its optional packages, and names the one to install where it is needed', async ({
		onTestFinished,
	}) => {
		const {directory} = installed;
		const script = 'without-optional-packages.mjs';
		copyFileSync(new URL(`consumer/${script}`, import.meta.url), join(directory, script));
		const server = await startPrivateRedis();
		onTestFinished(() => server.close());
		const {url} = server;
		await using writer = new RedisCache({url, codec: 'msgpack'});
		await writer.ready('30s');
		await writer.set('written-with-msgpack', new Date(0));
		const {stdout} = await run(process.execPath, [script, url], {cwd: directory, env});
		const missing = (feature: string, name: string) =>
			`MissingPackageError: ${feature} needs the package ${name}, which cannot be loaded: npm install ${name}`;
		expect(JSON.parse(stdout)).toEqual({
			own: {a: 1},
			found: false,
			errors: [
				`CorruptEntryError: "written-with-msgpack" cannot be read: codec 'msgpack' needs the package msgpackr, which cannot be loaded: npm install msgpackr; counted as a miss`,
			],
			prometheus: missing('prometheus()', 'prom-client'),
			msgpack: missing("codec 'msgpack'", 'msgpackr'),
		});
	});

	it.concurrent.for(['esm', 'cjs'] as const)('can be bundled into an application as %s', async (format) => {
		const {directory} = installed;
		const entry =
			"import {RedisCache} from 'redis-cache-tui'; const cache = new RedisCache({url: 'redis://127.0.0.1:1'});";
		const work = 'cache.getOrSet("k", () => 5).then((value) => { console.log(value); return cache.close(); });';
		const outfile = join(directory, `bundle-${format}.${format === 'esm' ? 'mjs' : 'cjs'}`);
		const {warnings} = await build({
			stdin: {contents: `${entry}\n${work}`, resolveDir: directory},
			bundle: true,
			platform: 'node',
			format,
			outfile,
			logLevel: 'silent',
			// As applications write it that bundle CommonJS packages, such as ioredis, into an ES module.
			banner:
				format === 'cjs'
					? {}
					: {js: "import {createRequire} from 'module'; const require = createRequire(import.meta.url);"},
		});
		expect(warnings.filter(({text}) => !text.includes('import.meta'))).toEqual([]);
		expect((await run(process.execPath, [outfile], {cwd: tmpdir(), env})).stdout).toBe('5\n');
	});

	it.concurrent('has types that hold in an application with the strictest settings, checked through and through', async () => {
		const {directory} = installed;
		const modules = {index: 'redis-cache-tui', 'testing/testing': 'redis-cache-tui/testing'};
		for (const [name, from] of [
			['library-user', 'index'],
			['testing-user', 'testing/testing'],
		] as const) {
			const source = readFileSync(new URL(`consumer/${name}.ts`, import.meta.url), 'utf8');
			writeFileSync(join(directory, `${name}.ts`), source.replace(`../../../source/${from}.js`, modules[from]));
		}
		const compilerOptions = {
			target: 'ES2022',
			module: 'NodeNext',
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			skipLibCheck: false,
			noEmit: true,
			// The types of Node.js, which an application installs itself.
			types: ['node'],
			typeRoots: [join(root, 'node_modules', '@types')],
		};
		writeFileSync(
			join(directory, 'tsconfig.json'),
			JSON.stringify({compilerOptions, files: ['library-user.ts', 'testing-user.ts']}),
		);
		const check = (compiler: string) =>
			run(join(root, 'node_modules', '.bin', compiler), ['-p', directory], {cwd: directory}).catch(
				({stdout}: {stdout: string}) => ({stdout}),
			);
		for (const {stdout} of await Promise.all(['tsc', 'tsc6'].map(check))) expect(stdout).toBe('');
	}, 120_000);

	it.concurrent('runs the default drill without a terminal', async () => {
		const {directory} = installed;
		// The exit code depends on durations, and so on how busy this machine is.
		const {stdout} = await run('npx', ['--no-install', 'redis-cache-tui', '--json'], {cwd: directory, env}).catch(
			(error: {stdout: string}) => error,
		);
		const report: DrillReport = JSON.parse(stdout);
		expect(report).toMatchObject({drill: 'default', wrongReads: 0, hungCalls: 0, failedCalls: 0});
	});

	it.concurrent('shows the dashboard in a terminal, and leaves nothing behind', async () => {
		const {directory} = installed;
		const terminal = openTerminal('npx', ['--no-install', 'redis-cache-tui'], {
			columns: 100,
			rows: 30,
			cwd: directory,
			env: changes,
		});
		await terminal.waitFor(/p99 +[\d.]+ [mµ]?s/);
		const belongings = belongingsOf(terminal.pid);
		await terminal.press('q');
		expect((await terminal.exited).exitCode).toBe(0);
		await until(() => leftoversOf(belongings).length === 0, 'nothing is left');
		await terminal.close();
	});
});
