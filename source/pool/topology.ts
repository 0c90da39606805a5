import {Redis} from 'ioredis';
import {hostOf, portOf} from './cluster/cluster-map.js';
import {
	type ClientOptions,
	type ClientSettings,
	clientOptions,
	inResp2,
	natted,
	nodeOptions,
	sentinelOptions,
} from './connection/client-options.js';
import type {Connection, ConnectionHandlers, OpenConnection} from './connection/connection.js';
import type {CredentialSource, Reauthenticable} from './connection/credentials.js';
import {MasterConnections} from './connection/master-connections.js';
import {NodeConnection} from './connection/node-connection.js';
import type {Endpoint} from './pool-options.js';
import {parseRedisUrl, redactUrl} from './redis-url.js';

type OpenNode = (handlers: ConnectionHandlers) => NodeConnection;

export type Sentinels = {
	readonly list: readonly Endpoint[];
	readonly master: string;
	/** The connections that the topology opens. */
	readonly connections: MasterConnections;
	/** Opens a RESP2 connection. */
	readonly open: (sentinel: Endpoint, handlers: ConnectionHandlers) => NodeConnection;
};

/** Opens the connections to the Redis of a URL: one server, the master of a Sentinel set-up, or a cluster. */
export type Topology = {
	readonly kind: 'standalone' | 'cluster';
	/** Without credentials. */
	readonly redactedUrl: string;
	/** Opens a connection for any key. */
	readonly openLane: OpenConnection;
	/** Opens a connection to one server; in a cluster, to one of its nodes. */
	readonly openExclusive: OpenNode;
	/** Like `openExclusive`, in RESP2. */
	readonly openSubscriber: OpenNode;
	readonly sentinels: Sentinels | undefined;
	readonly cluster?: ClusterTopology;
};

export type ClusterTopology = {
	/** The URL of the node at an address, without credentials. */
	readonly urlOf: (address: string) => string;
	/** Addresses of nodes from the URL. */
	readonly seeds: readonly string[];
	/** Opens connections to the node at an address. */
	readonly open: (address: string) => OpenConnection;
	/** The same in RESP2. */
	readonly openSubscriber: (address: string) => OpenNode;
};

/** @throws {InvalidArgumentError} see `parseRedisUrl`. */
export const createTopology = (
	url: string,
	settings: ClientSettings,
	/** Used instead of the credentials in the URL. */
	credentials?: CredentialSource,
): Topology => {
	const target = parseRedisUrl(url);
	const redactedUrl = redactUrl(url);
	const {connectMs} = settings;
	// ioredis asks one sentinel after the other for the master, each with its own timeout.
	const totalMs = (servers: readonly Endpoint[]): number => connectMs * (servers.length + 1);
	const nodeMs = target.type === 'sentinel' ? totalMs(target.sentinels) : connectMs;

	const openNode = (options: ClientOptions, handlers: ConnectionHandlers, url = redactedUrl): NodeConnection =>
		new NodeConnection(
			new Redis(options),
			url,
			{connectMs: nodeMs, credentials, dnsLookup: settings.dnsLookup},
			handlers,
		);
	const toMaster = target.type === 'sentinel' ? new MasterConnections(target.sentinels) : undefined;
	const openWith =
		(optionsOf: typeof clientOptions): OpenNode =>
		(handlers) => {
			if (target.type !== 'sentinel' || toMaster === undefined) return openNode(optionsOf(target, settings), handlers);
			const sentinels = toMaster.known.inOrder;
			return toMaster.open((onAddress, all) => {
				const natMap = (address: string): Endpoint | undefined => {
					onAddress(address);
					return natted(settings.natMap, address);
				};
				return openNode(optionsOf({...target, sentinels}, {...settings, natMap}), all);
			}, handlers);
		};
	const openExclusive = openWith(clientOptions);
	const openSubscriber = openWith((...args) => inResp2(clientOptions(...args)));
	const openLane: OpenConnection = (handlers) => following(credentials, openExclusive, handlers);

	switch (target.type) {
		case 'tcp':
		case 'unix':
			return {kind: 'standalone', redactedUrl, openLane, openExclusive, openSubscriber, sentinels: undefined};
		case 'sentinel':
			return {
				kind: 'standalone',
				redactedUrl,
				openLane,
				openExclusive,
				openSubscriber,
				sentinels: toMaster && {
					list: target.sentinels,
					master: target.master,
					connections: toMaster,
					open: (sentinel, handlers) =>
						new NodeConnection(
							new Redis(sentinelOptions(sentinel, target, settings)),
							redactedUrl,
							{connectMs},
							toMaster.watching(handlers),
						),
				},
			};
		case 'cluster': {
			const urlOf = (address: string) => {
				const host = hostOf(address);
				return `${target.tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${portOf(address)}`;
			};
			const optionsOf = (address: string) => {
				const announced = {host: hostOf(address), port: portOf(address)};
				return nodeOptions(natted(settings.natMap, address) ?? announced, announced.host, target, settings);
			};
			return {
				kind: 'cluster',
				redactedUrl,
				openLane,
				openExclusive,
				openSubscriber,
				sentinels: undefined,
				cluster: {
					urlOf,
					seeds: target.nodes.map(({host, port}) => `${host}:${port}`),
					open: (address) => {
						return (handlers) =>
							following(credentials, (all) => openNode(optionsOf(address), all, urlOf(address)), handlers);
					},
					openSubscriber: (address) => {
						return (handlers) => openNode(inResp2(optionsOf(address)), handlers, urlOf(address));
					},
				},
			};
		}
	}
};

/** Opens a connection that logs in again whenever there are new credentials. */
function following(
	credentials: CredentialSource | undefined,
	open: (handlers: ConnectionHandlers) => Connection & Reauthenticable,
	handlers: ConnectionHandlers,
): Connection {
	if (credentials === undefined) return open(handlers);
	let unfollow = () => {};
	const connection: Connection & Reauthenticable = open({
		onReady() {
			unfollow = credentials.follow(connection);
			handlers.onReady();
		},
		onDown(reason) {
			unfollow();
			handlers.onDown(reason);
		},
	});
	return connection;
}
