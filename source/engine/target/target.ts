import type {ConnectionOptions} from 'node:tls';
import type {PrivateRedis} from '../../embedded/types.js';
import type {InfoSections} from '../../inspect/server/info/info-sections.js';
import {serverIdentity} from '../../inspect/server/info/server-info.js';
import type {RedisTarget} from '../../pool/redis-url.js';
import type {FaultProxy, FaultProxyEvent, ProxyTarget} from '../../proxy/fault-proxy.js';
import type {TargetSnapshot, TargetWarning, TopologyNode} from '../target-snapshot.js';
import type {AddressMask} from './mask-proxy-address.js';
import type {NodeProxies} from './nodes/node-proxies.js';
import type {SshTunnel, TunnelEvent} from './tunnel/ssh-tunnel.js';

/** An event of the proxy in front of a Redis, or of the tunnel to it. */
export type TargetEvent = FaultProxyEvent | TunnelEvent;

/** A Redis to work on, and the proxy in front of it. */
export type Target = {
	/** Undefined if it was given by its URL. */
	readonly server: PrivateRedis | undefined;
	/** The address of the server. Undefined if there are several: a cluster, a set of Sentinels. */
	readonly address: ProxyTarget | undefined;
	/** The proxy in front of the server, or of each of several. */
	readonly proxy: FaultProxy;
	/**
	 * Addresses by which this program's cache reaches the nodes of a cluster, or the servers behind Sentinel, through the
	 * proxy.
	 */
	readonly nodeProxies?: NodeProxies | undefined;
	/** The parts of its URL; undefined for a single server that this program started. */
	readonly parts: RedisTarget | undefined;
	/** URL for the cache, with credentials: through the proxy. */
	readonly cacheUrl: string;
	/** URL for inspecting the server, with credentials. */
	readonly inspectUrl: string;
	/** URL that bypasses the proxy, with credentials. */
	readonly directUrl: string;
	/** Undefined: without TLS. */
	readonly tls: ConnectionOptions | undefined;
	/** The SSH tunnel, if there is one. */
	readonly tunnel?: SshTunnel | undefined;
	/** True if any certificate of the server is accepted. */
	readonly isInsecure: boolean;
	/** Milliseconds that commands of the cache may take. */
	readonly deadlineMs: number;
	/** Milliseconds that the server has to answer at the start, and when it is inspected. */
	readonly answerMs: number;
	/** URL to show, without credentials. */
	readonly shownUrl: string;
	/** URL with password, only for a server that this program started. */
	readonly privateUrl: string | undefined;
	/** Apply it to texts that connections produce. */
	readonly maskProxyAddress: AddressMask;
	close(): Promise<void>;
};

/** The target as the header and reports show it. */
export function describeTarget(
	{server, shownUrl: url}: Target,
	warnings: readonly TargetWarning[],
	info: InfoSections | undefined,
	nodes: readonly TopologyNode[],
): TargetSnapshot {
	if (server) {
		const {kind, name, version, pid, topology, clockObstacle} = server;
		return {kind, name, version, url, pid, topology, clockObstacle, warnings, nodes};
	}
	const {name, version} = serverIdentity(info ?? {});
	return {kind: 'external', name, version, url, pid: undefined, warnings, nodes};
}
