import type {ConnectionOptions} from 'node:tls';
import {Cluster, Redis, type RedisOptions} from 'ioredis';
import {ClusterConnection} from './cluster-connection.js';
import {clusterSlot} from './cluster-slot.js';
import type {ConnectionHandlers, OpenConnection} from './connection.js';
import {NodeConnection} from './node-connection.js';
import {parseRedisUrl, type RedisTarget, redactUrl} from './redis-url.js';

/** Reply shapes are never changed. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

type OpenNode = (handlers: ConnectionHandlers) => NodeConnection;

export type TopologyOptions = {
	readonly url: string;
	readonly connectMs: number;
	readonly tls: ConnectionOptions | undefined;
	readonly clientName: string;
};

/** How to connect to the Redis of a URL, whatever stands behind it. */
export type Topology = {
	readonly kind: 'standalone' | 'cluster';
	/** Redacted. */
	readonly where: string;
	readonly target: RedisTarget;
	groupOf(key: string): number;
	/** A connection for any key. */
	readonly openLane: OpenConnection;
	/** A connection to one server; in a cluster to one of its nodes. */
	readonly openExclusive: OpenNode;
	/** Like `openExclusive`, in RESP2: ioredis drops invalidation messages in RESP3. */
	readonly openSubscriber: OpenNode;
};

/** What makes ioredis do nothing of its own accord: no queue, no resending, no reconnecting. */
const DISCIPLINE = {
	lazyConnect: true,
	enableOfflineQueue: false,
	autoResendUnfulfilledCommands: false,
	autoResubscribe: false,
	maxRetriesPerRequest: 0,
	retryStrategy: () => null,
	// Without it, LOADING is an answer like any other instead of a silent wait.
	enableReadyCheck: false,
	disableClientInfo: true,
	keepAlive: 10_000,
	disconnectTimeout: 50,
} satisfies ClientOptions;

const always0 = (): number => 0;

const place = (target: RedisTarget, tls: ConnectionOptions | undefined, connectMs: number): ClientOptions => {
	const secure = (host: string): ClientOptions => ({tls: {servername: host, ...tls}});
	switch (target.type) {
		case 'tcp':
			return {...target.endpoint, db: target.db, ...(target.tls ? secure(target.endpoint.host) : {})};
		case 'unix':
			return {path: target.path, db: target.db};
		case 'sentinel': {
			const {username, password} = target.sentinelLogin;
			return {
				sentinels: target.sentinels.map((endpoint) => ({...endpoint})),
				name: target.master,
				db: target.db,
				// It asks for the role, so that a master that has just become a replica is not taken.
				enableReadyCheck: true,
				sentinelCommandTimeout: connectMs,
				sentinelRetryStrategy: () => null,
				...(username === undefined ? {} : {sentinelUsername: username}),
				...(password === undefined ? {} : {sentinelPassword: password}),
				...(target.tls ? {tls: {...tls}, sentinelTLS: {...tls}, enableTLSForSentinelMode: true} : {}),
			};
		}
		case 'cluster': {
			const node = target.nodes[Math.floor(Math.random() * target.nodes.length)];
			return {...node, ...(target.tls && node !== undefined ? secure(node.host) : {})};
		}
	}
};

const loginOf = ({username, password}: RedisTarget): ClientOptions => {
	if (username === undefined && password === undefined) return {};
	return {password: password ?? '', ...(username === undefined ? {} : {username})};
};

/** @throws {InvalidArgumentError} see `parseRedisUrl`. */
export const createTopology = (options: TopologyOptions): Topology => {
	const target = parseRedisUrl(options.url);
	const where = redactUrl(options.url);
	const {connectMs, tls, clientName} = options;
	const shared: ClientOptions = {
		...DISCIPLINE,
		...loginOf(target),
		connectTimeout: connectMs,
		connectionName: clientName,
	};
	// Each sentinel that does not answer takes its own time-out before the next is asked.
	const nodeMs = target.type === 'sentinel' ? connectMs * (target.sentinels.length + 1) : connectMs;

	const openNode =
		(overrides: ClientOptions): OpenNode =>
		(handlers) =>
			new NodeConnection(
				new Redis({...shared, ...place(target, tls, connectMs), ...overrides}),
				where,
				nodeMs,
				handlers,
			);

	const openExclusive = openNode({});
	const openSubscriber = openNode({
		protocol: 2,
		// The two-argument AUTH, which a server without a password takes in silence; ioredis would print a warning for the other.
		...(target.password === undefined ? {} : {username: target.username ?? 'default'}),
	});
	if (target.type !== 'cluster') {
		return {
			kind: 'standalone',
			where,
			target,
			groupOf: always0,
			openLane: openExclusive,
			openExclusive,
			openSubscriber,
		};
	}

	const openLane: OpenConnection = (handlers) => {
		const {retryStrategy, enableOfflineQueue, ...redisOptions} = shared;
		const client = new Cluster(
			target.nodes.map((node) => ({...node})),
			{
				lazyConnect: true,
				enableOfflineQueue: false,
				clusterRetryStrategy: () => null,
				slotsRefreshTimeout: connectMs,
				// What cannot be carried out now is said now; retrying is not for commands that have a deadline.
				retryDelayOnFailover: 0,
				retryDelayOnClusterDown: 0,
				redisOptions: {...redisOptions, ...(target.tls ? {tls: {...tls}} : {})},
			},
		);
		// Slots are asked of one node after the other, then the nodes are connected.
		return new ClusterConnection(client, where, connectMs * (target.nodes.length + 1), handlers);
	};
	return {kind: 'cluster', where, target, groupOf: clusterSlot, openLane, openExclusive, openSubscriber};
};
