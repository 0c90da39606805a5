import {realRedisVersion} from './real-redis.js';

/**
 * Says once for a whole run that tests are skipped for want of a `redis-server`. With CI=true that is an error, so that
 * no CI passes by skipping.
 */
export function setup(): void {
	if (realRedisVersion !== undefined) return;
	const message = 'There is no redis-server on PATH: tests that only a real Redis can pass';
	if (process.env.CI === 'true') throw new Error(`${message} cannot run, and CI=true is set: install redis-server`);
	process.stderr.write(`\n*** ${message} are SKIPPED; all others run on the built-in server. ***\n`);
}
