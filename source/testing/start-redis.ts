import {startPrivateRedis} from '../embedded/start-private-redis.js';

/** A Redis for a test. */
export type TestRedis = AsyncDisposable & {
	/** URL with its password: `redis://default:…@127.0.0.1:41234`. */
	readonly url: string;
	/** The kind of server: `redis-server`, `valkey-server` or `built-in server`. */
	readonly name: string;
	/** Version of the server: `7.0.15`. */
	readonly version: string;
	/** Ends the server and removes its files. May be called twice. */
	close(): Promise<void>;
};

/** Settings of `startRedis`. */
export type StartRedisOptions = {
	/**
	 * `auto` (default): `redis-server` or `valkey-server` from PATH, else the built-in server. `binary`: only one from PATH.
	 * `built-in`: only the built-in server.
	 */
	readonly prefer?: 'auto' | 'binary' | 'built-in';
	/** Further command-line arguments for a server binary: `['--maxmemory', '10mb']`. Default: none. */
	readonly args?: readonly string[];
};

/**
 * Starts an empty Redis on a free loopback port, without persistence. It ends with this process, however that ends, and does
 * not keep it alive.
 *
 * @throws {RedisCacheError} `ERR_NO_SERVER_BINARY`: with `prefer: 'binary'`, no server was found on PATH.
 * `ERR_PRIVATE_REDIS_START`: the server did not start.
 */
export async function startRedis({prefer = 'auto', args = []}: StartRedisOptions = {}): Promise<TestRedis> {
	const server = await startPrivateRedis({prefer, args});
	const {url, name, version} = server;
	const close = () => server.close();
	return {url, name, version, close, [Symbol.asyncDispose]: close};
}
