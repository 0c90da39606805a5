import {randomUUID} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {RedisCacheError} from '../pool/errors.js';
import {findServer} from './find-server.js';
import {launchOfBinary, launchOfBuiltIn} from './launch.js';
import {PrivateServer} from './private-server.js';
import type {PrivateRedis, PrivateRedisOptions} from './types.js';

const defaultStartMs = 5000;

/**
 * Starts a private Redis on a free loopback port: `redis-server` or `valkey-server` from PATH, else the built-in
 * server. It has no persistence, does not keep Node alive, and ends with this process, however that ends.
 *
 * @throws {RedisCacheError} `ERR_NO_SERVER_BINARY`: there is none on PATH, with `prefer: 'binary'`.
 * `ERR_PRIVATE_REDIS_START`: the server did not answer in time, or ended; the message has the last line that it
 * printed.
 */
export async function startPrivateRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
	const {prefer = 'auto', args = [], startMs = defaultStartMs} = options;
	const binary = prefer === 'built-in' ? undefined : await findServer();
	if (binary) {
		const launch = launchOfBinary(binary, join(tmpdir(), `redis-cache-tui-${randomUUID()}`), args);
		return new PrivateServer({kind: 'private', version: binary.version, launch, startMs}).start();
	}
	if (prefer === 'binary') {
		throw new RedisCacheError(
			'ERR_NO_SERVER_BINARY',
			'found neither redis-server nor valkey-server on PATH: install one, or use the built-in server',
		);
	}
	return new PrivateServer({kind: 'built-in', version: await ownVersion(), launch: launchOfBuiltIn(), startMs}).start();
}

/** The version of this package, which is that of the built-in server. */
async function ownVersion(): Promise<string> {
	const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
	const manifest: unknown = JSON.parse(text);
	const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
	return known ? String(manifest.version) : 'unknown';
}
