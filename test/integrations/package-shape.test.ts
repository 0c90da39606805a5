import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, inject, it} from 'vitest';
import {type Installation, install} from './support/install.js';

const compilers = {'5.8': 'typescript-5-8', '5.9': 'typescript-5-9', '6': 'typescript-6', '7': 'typescript-7'} as const;
const bundlers = ['esbuild', 'rollup', 'webpack'] as const;
const checkers = ['publint@0.3', '@arethetypeswrong/cli@0.18'];

let application: Installation;

beforeAll(async () => {
	application = await install([
		...Object.entries(compilers).map(([version, alias]) => `${alias}@npm:typescript@${version}`),
		...['esbuild@0.28', 'rollup@4', 'webpack@5', 'webpack-cli@7'],
		...['@rollup/plugin-node-resolve@16', '@rollup/plugin-commonjs@29', '@rollup/plugin-json@6'],
		...['vitest@4', 'jest@30', 'keyv@5', '@opentelemetry/api@1', '@types/node@22'],
		...checkers,
	]);
	for (const name of [
		'library.test.mjs',
		'required.cjs',
		'bundled.mjs',
		'common-js.cts',
		'sub-paths.ts',
		'fake-timers.jest.mjs',
	])
		application.write(name, readFileSync(new URL(`consumers/${name}`, import.meta.url), 'utf8'));
	const user = readFileSync(new URL('../packed/consumer/library-user.ts', import.meta.url), 'utf8');
	application.write('library-user.ts', user.replace('../../../source/index.js', 'redis-cache-tui'));
});

afterAll(() => application.remove());

const bin = (name: string) => join('node_modules', '.bin', name);

describe('the packed program', () => {
	it('is what publint calls well-formed', async () => {
		expect(await application.run(bin('publint'), inject('tarball'), '--strict')).toContain('All good!');
	});

	it('can be published as it is', async () => {
		const output = await application.run('sh', '-c', `npm publish "${inject('tarball')}" --dry-run 2>&1`);
		expect(output).toMatch(/^\+ redis-cache-tui@/m);
		expect(output).not.toMatch(/auto-corrected|errors corrected|npm error/);
	});

	it('has types that are those of its code, for ES modules and bundlers', async () => {
		await application.run(bin('attw'), inject('tarball'), '--profile', 'esm-only');
	});

	it.for(Object.entries(compilers))(
		'has types for TypeScript %s, with NodeNext and with Bundler',
		async ([version, alias]) => {
			const strict = {
				target: 'ES2022',
				strict: true,
				exactOptionalPropertyTypes: true,
				noUncheckedIndexedAccess: true,
				skipLibCheck: false,
				noEmit: true,
				types: ['node'],
				resolveJsonModule: true,
			};
			for (const [name, settings, files] of [
				['node-next', {module: 'NodeNext'}, ['library-user.ts', 'sub-paths.ts', 'common-js.cts']],
				['bundler', {module: 'ESNext', moduleResolution: 'Bundler'}, ['library-user.ts', 'sub-paths.ts']],
			] as const) {
				const project = `tsconfig.${name}.${version}.json`;
				application.write(project, JSON.stringify({compilerOptions: {...strict, ...settings}, files}));
				await application.run('node', `node_modules/${alias}/bin/tsc`, '-p', project);
			}
		},
	);

	it.for(['22', '24'])('can be required from CommonJS with Node.js %s', async (version) => {
		const output = await application.run('npx', '-y', '-p', `node@${version}`, 'node', 'required.cjs');
		expect(output).toBe('5 function function function function\n');
	});

	it.for(bundlers)('can be bundled with %s, and then runs alone', async (name) => {
		application.write(
			'rollup.config.mjs',
			`import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import {nodeResolve} from '@rollup/plugin-node-resolve';

export default {
	input: 'bundled.mjs',
	external: ['msgpackr', 'prom-client'],
	output: {file: 'of-rollup.mjs', format: 'es', inlineDynamicImports: true},
	plugins: [nodeResolve({preferBuiltins: true}), commonjs({ignoreTryCatch: 'remove'}), json()],
};
`,
		);
		application.write(
			'webpack.config.mjs',
			`export default {
	mode: 'production',
	target: 'node22',
	entry: './bundled.mjs',
	ignoreWarnings: [/Can't resolve '(msgpackr|prom-client)'/],
	experiments: {outputModule: true},
	output: {path: import.meta.dirname, filename: 'of-webpack.mjs', library: {type: 'module'}},
};
`,
		);
		const esbuild = ['bundled.mjs', '--bundle', '--platform=node', '--format=esm', '--outfile=of-esbuild.mjs'];
		const require = "import {createRequire} from 'module'; const require = createRequire(import.meta.url);";
		await {
			esbuild: () => application.run(bin('esbuild'), ...esbuild, `--banner:js=${require}`),
			rollup: () => application.run(bin('rollup'), '-c'),
			webpack: () => application.run(bin('webpack'), '--fail-on-warnings'),
		}[name]();
		const alone = `of-${name}.mjs`;
		const bundle = readFileSync(join(application.folder, alone), 'utf8');
		expect(bundle).not.toMatch(/from ?["']redis-cache-tui/);
		expect(await application.run('node', alone)).toBe('5\n');
	});

	it('is left out of a bundle that uses nothing of it', async () => {
		application.write('unused.mjs', "import 'redis-cache-tui'; import 'redis-cache-tui/keyv';");
		application.write(
			'error.mjs',
			"import {RedisCacheError} from 'redis-cache-tui'; console.log(RedisCacheError.name);",
		);
		const build = (entry: string) =>
			application.run(bin('esbuild'), entry, '--bundle', '--platform=node', '--format=esm', '--log-level=error');
		expect((await build('unused.mjs')).trim()).toBe('');
		const error = await build('error.mjs');
		expect(error).toContain('RedisCacheError');
		expect(error).not.toContain('ioredis');
	});

	it('does nothing when it is imported', async () => {
		application.write(
			'imported.mjs',
			`const before = [Object.keys(globalThis).join(), process.eventNames().join(), JSON.stringify(process.env)];
await import('redis-cache-tui');
await import('redis-cache-tui/keyv');
await import('redis-cache-tui/opentelemetry');
const after = [Object.keys(globalThis).join(), process.eventNames().join(), JSON.stringify(process.env)];
console.log(before.every((value, index) => value === after[index]), process.getActiveResourcesInfo().filter((name) => /TCP|Time|Worker|FSEvent/.test(name)).join());
`,
		);
		expect(await application.run('node', 'imported.mjs')).toBe('true \n');
	});

	it('is tested by an application with vitest', async () => {
		application.write('vitest.config.mjs', "export default {test: {globals: true, include: ['library.test.mjs']}};");
		await application.run(bin('vitest'), 'run', '--config', 'vitest.config.mjs');
	});

	it('is tested by an application with jest, also with fake timers', async () => {
		application.write(
			'jest.config.mjs',
			`export default {
	testEnvironment: 'node',
	testMatch: ['**/library.test.mjs', '**/fake-timers.jest.mjs'],
	transform: {},
};
`,
		);
		await application.run('node', '--experimental-vm-modules', bin('jest'), '--config', 'jest.config.mjs');
	});
});
