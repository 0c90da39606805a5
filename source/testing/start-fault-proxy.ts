import {addressOf, urlThrough} from '../engine/target/server-address.js';
import {isServerFault} from '../faults/catalogue.js';
import {FaultRefusedError} from '../faults/fault-errors.js';
import {parseFault} from '../faults/parse-fault.js';
import {InvalidArgumentError} from '../pool/errors.js';
import {parseRedisUrl} from '../pool/redis-url.js';
import {startFaultProxy as startProxy} from '../proxy/fault-proxy.js';

/** A proxy that breaks the connections through it. */
export type TestFaultProxy = AsyncDisposable & {
	/** URL of the Redis behind it through the proxy, with its credentials and database. */
	readonly url: string;
	/** The loopback address on which it listens. */
	readonly host: string;
	/** The port on which it listens. */
	readonly port: number;
	/**
	 * Adds a fault to existing and new connections. Several faults are combined.
	 *
	 * @param fault A fault of the connection, as drills and the dashboard write it: `blackhole`, `latency 200ms jitter 50ms`,
	 * `error LOADING 0.5`.
	 * @returns A function that lifts it.
	 * @throws {FaultSyntaxError} `fault` is not a fault.
	 * @throws {FaultRefusedError} It is a fault of the server process, which the proxy cannot cause.
	 */
	apply(fault: string): () => void;
	/** Lifts all faults. */
	heal(): void;
	/** Number of connections that are open now. */
	connections(): number;
	/** Closes the port and resets every connection. May be called twice. */
	close(): Promise<void>;
};

/**
 * Starts a proxy on a free loopback port in front of a Redis.
 *
 * @param url `redis://`, `rediss://` or `unix://`, such as that of `startRedis`.
 * @throws {InvalidArgumentError} The URL is that of a cluster, or of Sentinels.
 */
export async function startFaultProxy(url: string): Promise<TestFaultProxy> {
	const parts = parseRedisUrl(url);
	if (parts.type === 'cluster' || parts.type === 'sentinel')
		throw new InvalidArgumentError('a fault proxy is for one server: give a redis://, rediss:// or unix:// URL');
	const proxy = await startProxy({target: addressOf(parts)});
	const close = () => proxy.close();
	return {
		url: urlThrough(url, parts, proxy),
		host: proxy.host,
		port: proxy.port,
		apply(words) {
			const fault = parseFault(words.trim().split(/\s+/), 'wire');
			if (isServerFault(fault))
				throw new FaultRefusedError(`${fault.kind} is a fault of a server: the proxy only breaks connections`);
			const {id} = proxy.add(fault);
			return () => void proxy.lift(id);
		},
		heal: () => proxy.heal(),
		connections: () => proxy.connections(),
		close,
		[Symbol.asyncDispose]: close,
	};
}
