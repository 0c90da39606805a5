import {execFile} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {inject} from 'vitest';

const run = promisify(execFile);

/** An application that has installed the packed program. */
export type Installation = {
	readonly folder: string;
	/** Writes a file, with the folders that it needs. */
	write(path: string, text: string): void;
	/** Runs a program to its end; `node` is this Node.js. Rejects with its output if it fails. */
	run(program: string, ...args: readonly string[]): Promise<string>;
	remove(): void;
};

/** The environment without the variables of an npm that runs these tests: the inner npm must behave like a user's. */
export const environment: NodeJS.ProcessEnv = {
	...Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) => !/^npm_(?!config_(registry|cache|userconfig|globalconfig))/i.test(name) && !name.startsWith('VITEST'),
		),
	),
	NODE_ENV: undefined,
	REDIS_URL: undefined,
	NEXT_TELEMETRY_DISABLED: '1',
};

/**
 * Installs the packed program and other packages in a folder of its own.
 *
 * @param packages With their versions: `express@5`.
 * @param fields Fields of the package.json.
 */
export async function install(packages: readonly string[], fields: object = {type: 'module'}): Promise<Installation> {
	const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-application-'));
	const installation: Installation = {
		folder,
		write(path, text) {
			mkdirSync(dirname(join(folder, path)), {recursive: true});
			writeFileSync(join(folder, path), text);
		},
		async run(program, ...args) {
			const executable = program === 'node' ? process.execPath : program;
			try {
				const {stdout} = await run(executable, [...args], {cwd: folder, env: environment, maxBuffer: 64e6});
				return stdout;
			} catch (error) {
				const {stdout = '', stderr = ''} = error as {readonly stdout?: string; readonly stderr?: string};
				throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, {cause: error});
			}
		},
		remove: () => rmSync(folder, {recursive: true, force: true}),
	};
	installation.write('package.json', JSON.stringify({name: 'application', private: true, ...fields}));
	const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
	await installation.run('npm', 'install', ...flags, inject('tarball'), ...packages);
	return installation;
}
