import {realRedisVersion} from './real-redis.js';
import {canSetClocks} from './server-clock.js';

/** Reports once per run that tests are skipped because something is not installed. With CI=true, ends the run. */
export function setup(): void {
	if (realRedisVersion === undefined)
		report('There is no redis-server on PATH: tests that need a real Redis', 'redis-server', 'the built-in server');
	else if (!canSetClocks && process.platform === 'linux')
		report(
			'There is no C compiler (cc) on PATH: tests that set the clock of a Redis',
			'gcc and libc6-dev',
			'its clock',
		);
}

function report(problem: string, packages: string, instead: string): void {
	if (process.env.CI === 'true') {
		// Not thrown, since Vitest would print the error after "No test files found", with the source and a stack trace.
		process.stderr.write(`\n*** ${problem} cannot run, and CI=true is set: install ${packages}. ***\n`);
		process.exit(1);
	}
	process.stderr.write(`\n*** ${problem} are SKIPPED; all others run on ${instead}. ***\n`);
}
