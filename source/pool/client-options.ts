import type {ConnectionOptions} from 'node:tls';
import type {RedisOptions} from 'ioredis';
import type {Endpoint, Login, RedisTarget} from './redis-url.js';

/** Options of ioredis, but for the shapes of replies, which are never changed. */
export type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

export type ClientSettings = {
	/** For TCP alone, and for each question to a sentinel. */
	readonly connectMs: number;
	readonly tls: ConnectionOptions | undefined;
	readonly clientName: string;
};

/** What makes ioredis do nothing of its own accord: no queue, no resending, no reconnecting. */
const discipline = ({connectMs, clientName}: ClientSettings): ClientOptions => ({
	lazyConnect: true,
	enableOfflineQueue: false,
	autoResendUnfulfilledCommands: false,
	autoResubscribe: false,
	maxRetriesPerRequest: 0,
	retryStrategy: () => null,
	// Without it, LOADING is an answer like any other instead of a silent wait.
	enableReadyCheck: false,
	disableClientInfo: true,
	connectionName: clientName,
	connectTimeout: connectMs,
	disconnectTimeout: 50,
	keepAlive: 10_000,
});

const loginOptions = ({username, password}: Login): ClientOptions => {
	if (username === undefined && password === undefined) return {};
	return {password: password ?? '', ...(username === undefined ? {} : {username})};
};

const secure = (tls: boolean, settings: ClientSettings): ClientOptions => (tls ? {tls: {...settings.tls}} : {});

const place = (target: RedisTarget, settings: ClientSettings): ClientOptions => {
	switch (target.type) {
		case 'tcp':
			return {...target.endpoint, db: target.db, ...secure(target.tls, settings)};
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
				sentinelCommandTimeout: settings.connectMs,
				sentinelRetryStrategy: () => null,
				...(username === undefined ? {} : {sentinelUsername: username}),
				...(password === undefined ? {} : {sentinelPassword: password}),
				...secure(target.tls, settings),
				...(target.tls ? {sentinelTLS: {...settings.tls}, enableTLSForSentinelMode: true} : {}),
			};
		}
		case 'cluster': {
			const node = target.nodes[Math.floor(Math.random() * target.nodes.length)];
			return {...node, ...secure(target.tls, settings)};
		}
	}
};

/** For a connection to the server of `target`; in a cluster, to one of its nodes. */
export const clientOptions = (target: RedisTarget, settings: ClientSettings): ClientOptions => ({
	...discipline(settings),
	...loginOptions(target),
	...place(target, settings),
});

/** The same in RESP2, as ioredis drops invalidation messages in RESP3. */
export const subscriberOptions = (target: RedisTarget, settings: ClientSettings): ClientOptions => ({
	...clientOptions(target, settings),
	protocol: 2,
	// The two-argument AUTH, which a server without a password takes in silence; ioredis would print a warning for the other.
	...(target.password === undefined ? {} : {username: target.username ?? 'default'}),
});

/** For a RESP2 connection to one sentinel. */
export const sentinelOptions = (
	sentinel: Endpoint,
	target: RedisTarget & {readonly type: 'sentinel'},
	settings: ClientSettings,
): ClientOptions => ({
	...discipline(settings),
	...loginOptions(target.sentinelLogin),
	...secure(target.tls, settings),
	...sentinel,
	protocol: 2,
});

/** For each node of a cluster client. */
export const clusterNodeOptions = (
	target: RedisTarget & {readonly type: 'cluster'},
	settings: ClientSettings,
): Omit<ClientOptions, 'retryStrategy' | 'enableOfflineQueue'> => {
	// The cluster client has its own ideas of these two for its nodes.
	const {retryStrategy: _retry, enableOfflineQueue: _offline, ...options} = discipline(settings);
	return {...options, ...loginOptions(target), ...secure(target.tls, settings)};
};
