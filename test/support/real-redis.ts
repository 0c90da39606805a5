import {execFileSync} from 'node:child_process';
import {describe, it} from 'vitest';

function find(): string | undefined {
	try {
		const version = execFileSync('redis-server', ['--version'], {encoding: 'utf8', timeout: 5000});
		return /\bv=(\d+\.\d+\.\d+)/.exec(version)?.[1];
	} catch {
		return undefined;
	}
}

/**
 * The version of the `redis-server` on PATH, or undefined: tests that need it are then skipped, with one line that says
 * so. With REQUIRE_REAL_REDIS=1 in the environment its absence is an error, so that no CI passes by skipping.
 */
export const realRedisVersion = find();

if (realRedisVersion === undefined) {
	const message = 'There is no redis-server on PATH: tests that compare with a real Redis';
	if (process.env.REQUIRE_REAL_REDIS === '1') throw new Error(`${message} cannot run, and REQUIRE_REAL_REDIS=1 is set`);
	process.stderr.write(`${message} are SKIPPED\n`);
}

/** For what the built-in server cannot show: clusters, sentinels, replicas, TLS, users, dumps. */
export const describeReal = describe.skipIf(realRedisVersion === undefined);
export const itReal = it.skipIf(realRedisVersion === undefined);
