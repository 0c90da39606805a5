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

/** The version of the `redis-server` on PATH, or undefined: tests that need it are then skipped. */
export const realRedisVersion = find();

/** For what the built-in server cannot show: clusters, sentinels, replicas, TLS, users, dumps. */
export const describeReal = describe.skipIf(realRedisVersion === undefined);
export const itReal = it.skipIf(realRedisVersion === undefined);
