import {startPrivateRedis} from '../embedded/start-private-redis.js';

/** A Redis for a test. */
export type TestRedis = AsyncDisposable & {
	/** With its password: `redis://default:…@127.0.0.1:41234`. */
	readonly url: string;
	/** `redis-server`, `valkey-server` or `built-in server`. */
	readonly name: string;
	/** Such as `7.0.15`. */
	readonly version: string;
	/** Ends the server and removes what it wrote. May be called twice. */
	close(): Promise<void>;
};

/** Settings of `startRedis`. */
export type StartRedisOptions = {
	/**
	 * `auto` (default): `redis-server` or `valkey-server` from PATH, else the built-in server. `binary`: only the former.
	 * `built-in`: only the latter.
	 */
	readonly prefer?: 'auto' | 'binary' | 'built-in';
	/** Further command-line arguments of a server binary: `['--maxmemory', '10mb']`. */
	readonly args?: readonly string[];
};

/**
 * Starts an empty Redis on a free loopback port, without persistence. It ends with this process in any case, and does
 * not keep it alive.
 *
 * @throws {RedisCacheError} `ERR_NO_SERVER_BINARY`: there is none on PATH, with `prefer: 'binary'`.
 * `ERR_PRIVATE_REDIS_START`: the server did not start.
 */
export async function startRedis({prefer = 'auto', args = []}: StartRedisOptions = {}): Promise<TestRedis> {
	const server = await startPrivateRedis({prefer, args});
	const {url, name, version} = server;
	const close = () => server.close();
	return {url, name, version, close, [Symbol.asyncDispose]: close};
}
