import {execFileSync} from 'node:child_process';
import {describe, it} from 'vitest';
import {patienceMs} from './until.js';

function find(): string | undefined {
	try {
		const version = execFileSync('redis-server', ['--version'], {encoding: 'utf8', timeout: patienceMs});
		return /\bv=(\d+\.\d+\.\d+)/.exec(version)?.[1];
	} catch {
		return undefined;
	}
}

/** The version of the `redis-server` on PATH; undefined if there is none, and tests that need it are skipped. */
export const realRedisVersion = find();

/** For tests that the built-in server cannot pass: clusters, sentinels, replicas, TLS, users, dumps. */
export const describeReal = describe.skipIf(realRedisVersion === undefined);
export const itReal = it.skipIf(realRedisVersion === undefined);
