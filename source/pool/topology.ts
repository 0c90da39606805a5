import {Redis} from 'ioredis';
import {hostOf, portOf} from './cluster/cluster-map.js';
import {
	type ClientOptions,
	type ClientSettings,
	clientOptions,
	sentinelOptions,
	subscriberOptions,
} from './connection/client-options.js';
import type {Connection, ConnectionHandlers, OpenConnection} from './connection/connection.js';
import type {CredentialSource, Reauthenticable} from './connection/credentials.js';
import {NodeConnection} from './connection/node-connection.js';
import {type Endpoint, parseRedisUrl, redactUrl} from './redis-url.js';

type OpenNode = (handlers: ConnectionHandlers) => NodeConnection;

export type Sentinels = {
	readonly list: readonly Endpoint[];
	readonly master: string;
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
	/** Addresses of nodes from the URL. */
	readonly seeds: readonly string[];
	/** Opens connections to the node at an address. */
	readonly open: (address: string) => OpenConnection;
};

/** @throws {InvalidArgumentError} see `parseRedisUrl`. */
export const createTopology = (
	url: string,
	settings: ClientSettings,
	/** In place of those of the URL. */
	credentials?: CredentialSource,
): Topology => {
	const target = parseRedisUrl(url);
	const redactedUrl = redactUrl(url);
	const {connectMs} = settings;
	// One server after the other is asked for the master, each with a time-out of its own.
	const totalMs = (servers: readonly Endpoint[]): number => connectMs * (servers.length + 1);
	const nodeMs = target.type === 'sentinel' ? totalMs(target.sentinels) : connectMs;

	const openNode = (options: ClientOptions, handlers: ConnectionHandlers): NodeConnection =>
		new NodeConnection(new Redis(options), redactedUrl, {connectMs: nodeMs, credentials}, handlers);
	const openExclusive: OpenNode = (handlers) => openNode(clientOptions(target, settings), handlers);
	const openSubscriber: OpenNode = (handlers) => openNode(subscriberOptions(target, settings), handlers);
	const openLane: OpenConnection = (handlers) => following(credentials, openExclusive, handlers);

	switch (target.type) {
		case 'tcp':
		case 'unix':
			return {
				kind: 'standalone',
				redactedUrl,
				openLane,
				openExclusive,
				openSubscriber,
				sentinels: undefined,
			};
		case 'sentinel':
			return {
				kind: 'standalone',
				redactedUrl,
				openLane,
				openExclusive,
				openSubscriber,
				sentinels: {
					list: target.sentinels,
					master: target.master,
					open: (sentinel, handlers) =>
						new NodeConnection(
							new Redis(sentinelOptions(sentinel, target, settings)),
							redactedUrl,
							{connectMs},
							handlers,
						),
				},
			};
		case 'cluster':
			return {
				kind: 'cluster',
				redactedUrl,
				openLane,
				openExclusive,
				openSubscriber,
				sentinels: undefined,
				cluster: {
					seeds: target.nodes.map(({host, port}) => `${host}:${port}`),
					open: (address) => {
						const node = {host: hostOf(address), port: portOf(address)};
						return (handlers) =>
							following(
								credentials,
								(all) => openNode(clientOptions({...target, nodes: [node]}, settings), all),
								handlers,
							);
					},
				},
			};
	}
};

/** Opens a connection that takes new credentials while it is in use. */
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
