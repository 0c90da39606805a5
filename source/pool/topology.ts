import {Cluster, Redis} from 'ioredis';
import {
	type ClientOptions,
	type ClientSettings,
	clientOptions,
	clusterNodeOptions,
	sentinelOptions,
	subscriberOptions,
} from './client-options.js';
import {ClusterConnection} from './cluster-connection.js';
import {clusterSlot} from './cluster-slot.js';
import type {ConnectionHandlers, OpenConnection} from './connection.js';
import {NodeConnection} from './node-connection.js';
import {type Endpoint, parseRedisUrl, redactUrl} from './redis-url.js';

type OpenNode = (handlers: ConnectionHandlers) => NodeConnection;

export type Sentinels = {
	readonly list: readonly Endpoint[];
	readonly master: string;
	/** Opens a RESP2 connection. */
	readonly open: (sentinel: Endpoint, handlers: ConnectionHandlers) => NodeConnection;
};

/** How to connect to the Redis of a URL, whatever stands behind it. */
export type Topology = {
	readonly kind: 'standalone' | 'cluster';
	/** The URL, redacted. */
	readonly where: string;
	groupOf(key: string): number;
	/** A connection for any key. */
	readonly openLane: OpenConnection;
	/** A connection to one server; in a cluster to one of its nodes. */
	readonly openExclusive: OpenNode;
	/** Like `openExclusive`, in RESP2. */
	readonly openSubscriber: OpenNode;
	readonly sentinels: Sentinels | undefined;
};

const always0 = (): number => 0;

/** @throws {InvalidArgumentError} see `parseRedisUrl`. */
export const createTopology = (url: string, settings: ClientSettings): Topology => {
	const target = parseRedisUrl(url);
	const where = redactUrl(url);
	const {connectMs} = settings;
	// Sentinels, or slots, are asked of one server after the other, each with its own time.
	const stepsMs = (servers: readonly Endpoint[]): number => connectMs * (servers.length + 1);
	const nodeMs = target.type === 'sentinel' ? stepsMs(target.sentinels) : connectMs;

	const openNode = (options: ClientOptions, timeoutMs: number, handlers: ConnectionHandlers): NodeConnection =>
		new NodeConnection(new Redis(options), where, timeoutMs, handlers);
	const openExclusive: OpenNode = (handlers) => openNode(clientOptions(target, settings), nodeMs, handlers);
	const openSubscriber: OpenNode = (handlers) => openNode(subscriberOptions(target, settings), nodeMs, handlers);

	switch (target.type) {
		case 'tcp':
		case 'unix':
			return {
				kind: 'standalone',
				where,
				groupOf: always0,
				openLane: openExclusive,
				openExclusive,
				openSubscriber,
				sentinels: undefined,
			};
		case 'sentinel':
			return {
				kind: 'standalone',
				where,
				groupOf: always0,
				openLane: openExclusive,
				openExclusive,
				openSubscriber,
				sentinels: {
					list: target.sentinels,
					master: target.master,
					open: (sentinel, handlers) => openNode(sentinelOptions(sentinel, target, settings), connectMs, handlers),
				},
			};
		case 'cluster': {
			const openLane: OpenConnection = (handlers) => {
				const nodes = target.nodes.map((node) => ({...node}));
				const client = new Cluster(nodes, {
					lazyConnect: true,
					enableOfflineQueue: false,
					clusterRetryStrategy: () => null,
					slotsRefreshTimeout: connectMs,
					// What cannot be carried out now is said now; retrying is not for commands that have a deadline.
					retryDelayOnFailover: 0,
					retryDelayOnClusterDown: 0,
					redisOptions: clusterNodeOptions(target, settings),
				});
				return new ClusterConnection(client, where, stepsMs(target.nodes), handlers);
			};
			return {
				kind: 'cluster',
				where,
				groupOf: clusterSlot,
				openLane,
				openExclusive,
				openSubscriber,
				sentinels: undefined,
			};
		}
	}
};
