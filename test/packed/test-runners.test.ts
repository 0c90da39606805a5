import {execFile} from 'node:child_process';
import {copyFileSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {describe, it} from 'vitest';
import {env, InstalledPackage, installPackages, root} from './installed-package.js';

const run = promisify(execFile);

describe.concurrent('the package gives drills to tests that run with', () => {
	const installed = new InstalledPackage();
	const timeout = 240_000;

	/** Copies the application, its cache, a drill and a test of them. */
	function copyTest(name: string, directory: string): void {
		for (const file of ['application.mjs', 'cache.mjs', 'outage.mjs', name])
			copyFileSync(new URL(`consumer/${file}`, import.meta.url), join(directory, file));
	}

	it('node:test', {timeout}, async () => {
		const {directory} = installed;
		copyTest('drill.node-test.mjs', directory);
		await run(process.execPath, ['--test', 'drill.node-test.mjs'], {cwd: directory, env});
	});

	it('vitest', {timeout}, async () => {
		const {directory} = installed;
		symlinkSync(join(root, 'node_modules/vitest'), join(directory, 'node_modules/vitest'));
		writeFileSync(join(directory, 'vitest.config.mjs'), "export default {test: {include: ['*.vitest.mjs']}};");
		copyTest('drill.vitest.mjs', directory);
		const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.config.mjs'];
		await run(process.execPath, vitest, {cwd: directory, env});
	});

	it('jest', {timeout}, async () => {
		const directory = join(installed.directory, 'with-jest');
		mkdirSync(directory);
		await installPackages(directory, 'jest@30');
		writeFileSync(join(directory, 'jest.config.mjs'), "export default {testMatch: ['**/*.jest.mjs']};");
		copyTest('drill.jest.mjs', directory);
		await run(process.execPath, ['node_modules/jest/bin/jest.js'], {
			cwd: directory,
			env: {...env, NODE_OPTIONS: '--experimental-vm-modules'},
		});
	});
});
