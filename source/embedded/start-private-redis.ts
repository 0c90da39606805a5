import {randomBytes, randomUUID} from 'node:crypto';
import {mkdir, readFile, rmdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {RedisCacheError} from '../pool/errors.js';
import {clockOption} from './clock-option.js';
import {findServer} from './find-server.js';
import {launchOfBinary, launchOfBuiltIn} from './launch.js';
import {PrivateServer} from './private-server.js';
import type {PrivateRedis, PrivateRedisOptions} from './types.js';

const defaultStartMs = 5000;
const passwordBytes = 18;

/**
 * Starts a private Redis on a free loopback port: `redis-server` or `valkey-server` from PATH, else the built-in server, also
 * where the temporary directory cannot be written. It requires a password, has no persistence, does not keep this process
 * alive, and ends with it, however it ends.
 *
 * @throws {RedisCacheError} `ERR_NO_SERVER_BINARY`: there is none on PATH, with `prefer: 'binary'`. `ERR_PRIVATE_REDIS_START`:
 * the server did not answer in time, or ended; the message contains the last line that it printed.
 */
export async function startPrivateRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
	const {prefer = 'auto', args = [], startMs = defaultStartMs, setsClock = false} = options;
	const {password = randomBytes(passwordBytes).toString('base64url')} = options;
	const binary = prefer === 'built-in' ? undefined : await findServer();
	const directory = join(tmpdir(), `redis-cache-tui-${randomUUID()}`);
	const note = binary && prefer === 'auto' ? await obstacleTo(directory, binary.name) : undefined;
	if (binary && note === undefined) {
		const {wrap, clockObstacle} = await clockOption(setsClock);
		const launch = wrap(launchOfBinary(binary, directory, password, args));
		return new PrivateServer({kind: 'private', version: binary.version, launch, startMs, clockObstacle}).start();
	}
	if (prefer === 'binary') {
		throw new RedisCacheError(
			'ERR_NO_SERVER_BINARY',
			'found neither redis-server nor valkey-server on PATH: install one, or use the built-in server',
		);
	}
	const version = await ownVersion();
	return new PrivateServer({kind: 'built-in', version, launch: launchOfBuiltIn(password), startMs, note}).start();
}

/**
 * The reason why the directory of a server binary cannot be created, for instance on a read-only file system; undefined if it
 * can.
 */
async function obstacleTo(directory: string, name: string): Promise<string | undefined> {
	try {
		await mkdir(directory, {mode: 0o700});
		await rmdir(directory);
		return undefined;
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		return `the built-in server runs instead of ${name}, because ${dirname(directory)} cannot be written (${code}): set TMPDIR to a directory that can`;
	}
}

/** The version of this package, which is that of the built-in server. */
async function ownVersion(): Promise<string> {
	const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
	const manifest: unknown = JSON.parse(text);
	const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
	return known ? String(manifest.version) : 'unknown';
}
