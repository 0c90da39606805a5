import {isIP} from 'node:net';
import {type ConnectionOptions, checkServerIdentity} from 'node:tls';
import type {RedisOptions} from 'ioredis';
import type {DnsLookup, Endpoint, NatMap} from '../pool-options.js';
import type {Login, RedisTarget} from '../redis-url.js';
import {PlainConnector} from './plain-connector.js';

/** Options of ioredis without the one that changes the shapes of replies. */
export type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

export type ClientSettings = {
	/** Milliseconds that ioredis has to connect to a sentinel, and for each command to it. */
	readonly connectMs: number;
	readonly tls: ConnectionOptions | undefined;
	readonly natMap?: NatMap | undefined;
	readonly dnsLookup?: DnsLookup | undefined;
	readonly clientName: string;
};

/** Turns off everything that ioredis does on its own: queueing, resending, reconnecting. */
const manualOptions = ({clientName}: ClientSettings): ClientOptions => ({
	lazyConnect: true,
	enableOfflineQueue: false,
	autoResendUnfulfilledCommands: false,
	autoResubscribe: false,
	maxRetriesPerRequest: 0,
	retryStrategy: () => null,
	// The ready check would wait silently while Redis is LOADING. Without it, LOADING is an error reply like any other.
	enableReadyCheck: false,
	disableClientInfo: true,
	connectionName: clientName,
	// `NodeConnection` has its own timeout, which does not count time in which this process is blocked.
	connectTimeout: 0,
	disconnectTimeout: 50,
	keepAlive: 10_000,
});

const loginOptions = ({username, password}: Login): ClientOptions => {
	if (username === undefined && password === undefined) return {};
	return {password: password ?? '', ...(username === undefined ? {} : {username})};
};

const tlsOptions = (tls: boolean, settings: ClientSettings): ClientOptions => (tls ? {tls: {...settings.tls}} : {});

/** `PlainConnector` cannot be used with TLS, whose sockets read by themselves. */
const transportOptions = (tls: boolean, settings: ClientSettings): ClientOptions =>
	tls ? tlsOptions(tls, settings) : {Connector: PlainConnector};

/**
 * The host name that the certificate of a node must have: the announced one, whatever address it is mapped to. If the node
 * announces an IP address, the host of the URL is used for the whole cluster, since certificates often name hosts only.
 */
const servernameOf = (announced: string, target: RedisTarget & {readonly type: 'cluster'}): string | undefined => {
	const isName = ({host}: Pick<Endpoint, 'host'>) => isIP(host) === 0;
	return isName({host: announced}) ? announced : target.nodes.find(isName)?.host;
};

const addressOptions = (target: RedisTarget, settings: ClientSettings): ClientOptions => {
	switch (target.type) {
		case 'tcp':
			return {...target.endpoint, db: target.db, ...transportOptions(target.tls, settings)};
		case 'unix':
			return {path: target.path, db: target.db, ...transportOptions(false, settings)};
		case 'sentinel': {
			const {username, password} = target.sentinelLogin;
			return {
				sentinels: target.sentinels.map((endpoint) => ({...endpoint})),
				name: target.master,
				db: target.db,
				// The ready check asks for the role, so that a master that has just become a replica is not used.
				enableReadyCheck: true,
				connectTimeout: settings.connectMs,
				sentinelCommandTimeout: settings.connectMs,
				sentinelRetryStrategy: () => null,
				...(username === undefined ? {} : {sentinelUsername: username}),
				...(password === undefined ? {} : {sentinelPassword: password}),
				...tlsOptions(target.tls, settings),
				...(settings.natMap === undefined ? {} : {natMap: settings.natMap as RedisOptions['natMap']}),
				...(target.tls ? {sentinelTLS: {...settings.tls}, enableTLSForSentinelMode: true} : {}),
			};
		}
		case 'cluster': {
			const node = target.nodes[Math.floor(Math.random() * target.nodes.length)];
			if (node === undefined) throw new Error('a cluster has a node');
			const endpoint = natted(settings.natMap, `${node.host}:${node.port}`) ?? node;
			return {...endpoint, ...nodeTransport(node.host, target, settings)};
		}
	}
};

/** The endpoint that `natMap` has for an announced address; undefined if the address is used as it is. */
export function natted(natMap: NatMap | undefined, address: string): Endpoint | undefined {
	return typeof natMap === 'function' ? natMap(address) : natMap?.[address];
}

/** Options for a connection to the server of `target`; in a cluster, to one of its nodes. */
export const clientOptions = (target: RedisTarget, settings: ClientSettings): ClientOptions => ({
	...manualOptions(settings),
	...loginOptions(target),
	...addressOptions(target, settings),
});

/**
 * Options for a connection to one node of a cluster.
 *
 * @param announced The host by which the cluster knows it.
 */
export const nodeOptions = (
	node: Endpoint,
	announced: string,
	target: RedisTarget & {readonly type: 'cluster'},
	settings: ClientSettings,
): ClientOptions => ({
	...manualOptions(settings),
	...loginOptions(target),
	...node,
	...nodeTransport(announced, target, settings),
});

/** @param announced The host by which the cluster, or the URL, knows the node. */
const nodeTransport = (
	announced: string,
	target: RedisTarget & {readonly type: 'cluster'},
	settings: ClientSettings,
): ClientOptions =>
	transportOptions(target.tls, {...settings, tls: {...identityOf(announced, target), ...settings.tls}});

/**
 * An IP address must not be sent as a server name (SNI), but the certificate must contain it, whatever address it is mapped to.
 */
const identityOf = (announced: string, target: RedisTarget & {readonly type: 'cluster'}): ConnectionOptions => {
	const servername = servernameOf(announced, target);
	return servername === undefined
		? {checkServerIdentity: (_, certificate) => checkServerIdentity(announced, certificate)}
		: {servername};
};

/** The same options with RESP2, since ioredis drops invalidation messages in RESP3. */
export const inResp2 = (options: ClientOptions): ClientOptions => ({
	...options,
	protocol: 2,
	// With a user name ioredis sends AUTH with two arguments, which a server without a password accepts. With the one-argument
	// form ioredis would print a warning.
	...(options.password === undefined ? {} : {username: options.username ?? 'default'}),
});

/** Options for a RESP2 connection to one sentinel. */
export const sentinelOptions = (
	sentinel: Endpoint,
	target: RedisTarget & {readonly type: 'sentinel'},
	settings: ClientSettings,
): ClientOptions => ({
	...manualOptions(settings),
	...loginOptions(target.sentinelLogin),
	...tlsOptions(target.tls, settings),
	...sentinel,
	protocol: 2,
});
