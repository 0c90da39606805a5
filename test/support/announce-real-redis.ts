import {realRedisVersion} from './real-redis.js';

/** Reports once per run that tests are skipped because there is no `redis-server`. With CI=true that is an error. */
export function setup(): void {
	if (realRedisVersion !== undefined) return;
	const message = 'There is no redis-server on PATH: tests that need a real Redis';
	if (process.env.CI === 'true') throw new Error(`${message} cannot run, and CI=true is set: install redis-server`);
	process.stderr.write(`\n*** ${message} are SKIPPED; all others run on the built-in server. ***\n`);
}
