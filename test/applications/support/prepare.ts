import {execFileSync} from 'node:child_process';
import {existsSync, statSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {languages} from './languages.js';

const directory = fileURLToPath(new URL('../', import.meta.url));

/** Installs the applications' packages of npm, and says once per run which languages are missing. */
export function setup(): void {
	if (!isInstalled())
		// Optional packages are native parts of Next.js, which compile and draw: no test needs them.
		execFileSync('npm', ['ci', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'], {
			cwd: directory,
			stdio: ['ignore', 2, 2],
		});
	for (const [name, {isMissing, packages}] of Object.entries(languages)) if (isMissing) report(name, packages);
}

/** True if the packages are those of the lock file, which npm notes in a file of its own. */
function isInstalled(): boolean {
	const installed = `${directory}node_modules/.package-lock.json`;
	return existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${directory}package-lock.json`).mtimeMs;
}

/** With CI=true it is an error. */
function report(name: string, packages: string): void {
	const problem = `There is no ${name} with a client for Redis (apt-get install ${packages}): its application`;
	if (process.env.CI === 'true') throw new Error(`${problem} cannot run, and CI=true is set`);
	process.stderr.write(`\n*** ${problem} is SKIPPED. ***\n`);
}
