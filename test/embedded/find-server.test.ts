import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {findServer} from '../../source/embedded/find-server.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';

describe('the search for a server binary', () => {
	let directory: string;

	beforeEach(async () => {
		directory = await mkdtemp(join(tmpdir(), 'rct-path-'));
	});

	afterEach(async () => {
		vi.unstubAllEnvs();
		await rm(directory, {recursive: true, force: true});
	});

	async function program(folder: string, name: string, says: string, mode = 0o755): Promise<string> {
		const path = join(directory, folder);
		await mkdir(path, {recursive: true});
		await writeFile(join(path, name), `#!/bin/sh\necho "${says}"\n`);
		await chmod(join(path, name), mode);
		return path;
	}

	it('prefers redis-server to valkey-server, and earlier folders to later ones', async () => {
		const first = await program('first', 'valkey-server', 'Valkey server v=8.1.2 sha=0');
		const second = await program('second', 'redis-server', 'Redis server v=7.4.1 sha=0');
		const third = await program('third', 'redis-server', 'Redis server v=6.2.0 sha=0');
		expect(await findServer([first, second, third].join(delimiter))).toEqual({
			path: join(second, 'redis-server'),
			name: 'redis-server',
			version: '7.4.1',
		});
		expect(await findServer(first)).toMatchObject({name: 'valkey-server', version: '8.1.2'});
	});

	it('ignores files that cannot be run, other programs, and relative folders', async () => {
		const notExecutable = await program('a', 'redis-server', 'Redis server v=7.0.0', 0o644);
		const stranger = await program('b', 'redis-server', 'something else');
		await mkdir(join(directory, 'c', 'redis-server'), {recursive: true});
		const path = [notExecutable, stranger, join(directory, 'c'), '.', '', join(directory, 'missing')].join(delimiter);
		expect(await findServer(path)).toBeUndefined();
	});

	it('fails without a binary if one is required, with an error that says what to do', async () => {
		vi.stubEnv('PATH', directory);
		await expect(startPrivateRedis({prefer: 'binary'})).rejects.toMatchObject({
			code: 'ERR_NO_SERVER_BINARY',
			message: expect.stringContaining('use the built-in server'),
		});
	});

	it('falls back to the built-in server without a binary', async () => {
		vi.stubEnv('PATH', directory);
		const redis = await startPrivateRedis();
		expect(redis.kind).toBe('built-in');
		await redis.close();
	});

	it('falls back to the built-in server where a binary cannot have its directory, and says so', async () => {
		vi.stubEnv('PATH', await program('good', 'redis-server', 'Redis server v=7.0.15 sha=0'));
		vi.stubEnv('TMPDIR', '/nonexistent');
		const redis = await startPrivateRedis();
		expect(redis).toMatchObject({
			kind: 'built-in',
			note: 'the built-in server runs instead of redis-server, because /nonexistent cannot be written (ENOENT): set TMPDIR to a directory that can',
		});
		await redis.close();
	});

	it('fails if the server ends at once, with the last line that it printed', async () => {
		const path = await program('bad', 'redis-server', 'Redis server v=7.0.15 sha=0, but I will not serve');
		vi.stubEnv('PATH', path);
		await expect(startPrivateRedis()).rejects.toMatchObject({
			code: 'ERR_PRIVATE_REDIS_START',
			message: expect.stringContaining('but I will not serve'),
		});
	});
});
