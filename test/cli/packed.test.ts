import {execFile} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {belongingsOf, leftoversOf} from '../support/leftovers.js';
import {openTerminal} from '../support/terminal.js';
import {until} from '../support/until.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

type PackedFile = {readonly path: string; readonly mode: number};

let directory: string;
let files: readonly PackedFile[];

/** A place of its own, far from the checkout: nothing of it may be found by accident. */
beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	const pack = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {cwd: root});
	const [packed]: {filename: string; files: PackedFile[]}[] = JSON.parse(pack.stdout);
	if (!packed) throw new Error('npm pack said nothing');
	files = packed.files;
	writeFileSync(join(directory, 'package.json'), '{"name": "elsewhere", "private": true, "type": "module"}');
	await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(directory, packed.filename)], {
		cwd: directory,
	});
}, 240_000);

afterAll(() => rmSync(directory, {recursive: true, force: true}));

/** What an npm that runs these tests hands down would make the inner npm do other things than a user's does. */
const npmSettings = Object.keys(process.env).filter((name) =>
	/^npm_(?!config_(registry|cache|userconfig|globalconfig))/i.test(name),
);
const changes = {
	...Object.fromEntries(npmSettings.map((name) => [name, undefined])),
	REDIS_URL: undefined,
	NODE_ENV: undefined,
	XDG_CONFIG_HOME: '/nonexistent',
	LC_ALL: 'C.UTF-8',
};
const env = {...process.env, ...changes};

describe('the package', () => {
	it('has the built program, the README and the license, and nothing else', () => {
		const others = files.map(({path}) => path).filter((path) => !path.startsWith('dist/'));
		expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
		const kinds = new Set(
			files.filter(({path}) => path.startsWith('dist/')).map(({path}) => path.replace(/^.*?(\.d\.ts|\.\w+)$/, '$1')),
		);
		expect([...kinds].sort()).toEqual(['.d.ts', '.js', '.json', '.txt']);
	});

	it('brings React and Ink in one file with their licenses, and installs neither', () => {
		const folder = join(directory, 'node_modules');
		const licenses = readFileSync(join(folder, 'redis-cache-tui/dist/ui/third-party-licenses.txt'), 'utf8');
		for (const name of ['ink', 'react', 'react-reconciler', 'yoga-layout']) {
			expect(existsSync(join(folder, name)), name).toBe(false);
			expect(licenses).toMatch(new RegExp(`^${name} \\d[^]*?MIT`, 'm'));
		}
	});

	it('names nothing of the machine that built it', () => {
		const folder = join(directory, 'node_modules', 'redis-cache-tui');
		for (const {path} of files) {
			const text = readFileSync(join(folder, path), 'utf8');
			expect(text.includes(root) || text.includes(directory), path).toBe(false);
		}
	});

	it('installs an executable that npx starts', async () => {
		const bin = join(directory, 'node_modules', '.bin', 'redis-cache-tui');
		expect(statSync(bin).mode & 0o111).toBe(0o111);
		const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string};
		expect((await run('npx', ['--no-install', 'redis-cache-tui', '--version'], {cwd: directory, env})).stdout).toBe(
			`${version}\n`,
		);
	});

	it('gives the library with its types', async () => {
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

	it('has types that hold in an application with the strictest settings, checked through and through', async () => {
		const source = readFileSync(new URL('consumer/library-user.ts', import.meta.url), 'utf8');
		writeFileSync(join(directory, 'library-user.ts'), source.replace('../../../source/index.js', 'redis-cache-tui'));
		const compilerOptions = {
			target: 'ES2022',
			module: 'NodeNext',
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			skipLibCheck: false,
			noEmit: true,
			// Those of Node.js, which an application has of its own.
			types: ['node'],
			typeRoots: [join(root, 'node_modules', '@types')],
		};
		writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({compilerOptions, files: ['library-user.ts']}));
		const check = (compiler: string) =>
			run(join(root, 'node_modules', '.bin', compiler), ['-p', directory], {cwd: directory}).catch(
				({stdout}: {stdout: string}) => ({stdout}),
			);
		for (const {stdout} of await Promise.all(['tsc', 'tsc6'].map(check))) expect(stdout).toBe('');
	}, 120_000);

	it('runs the default drill without a terminal', async () => {
		const {stdout} = await run('npx', ['--no-install', 'redis-cache-tui', '--json'], {cwd: directory, env});
		const report: DrillReport = JSON.parse(stdout);
		expect(report).toMatchObject({drill: 'default', wrongReads: 0, hungCalls: 0, failedCalls: 0});
	}, 60_000);

	it('shows the dashboard in a terminal, and leaves nothing behind', async () => {
		const terminal = openTerminal('npx', ['--no-install', 'redis-cache-tui'], {
			columns: 100,
			rows: 30,
			cwd: directory,
			env: changes,
		});
		await terminal.waitFor(/p99 +[\d.]+ [mµ]?s/, 30_000);
		const belongings = belongingsOf(terminal.pid);
		await terminal.press('q');
		expect((await terminal.exited).exitCode).toBe(0);
		await until(() => leftoversOf(belongings).length === 0, 'nothing is left', {timeoutMs: 10_000});
		await terminal.close();
	}, 60_000);
});
