import {isIP} from 'node:net';
import {checkServerIdentity} from 'node:tls';
import {startPrivateRedis} from '../../embedded/start-private-redis.js';
import type {PrivateRedis, PrivateRedisOptions} from '../../embedded/types.js';
import type {InfoSections} from '../../inspect/server/info/info-sections.js';
import {serverIdentity} from '../../inspect/server/info/server-info.js';
import {parseRedisUrl, type RedisTarget, redactUrl} from '../../pool/redis-url.js';
import type {PoolOptions} from '../../pool/types.js';
import {type FaultProxy, type FaultProxyEvent, type ProxyTarget, startFaultProxy} from '../../proxy/fault-proxy.js';
import {EngineError} from '../engine-error.js';
import {oneLine} from '../one-line.js';
import type {TargetSnapshot} from '../protocol.js';
import {loginOf} from './login-of.js';
import {type AddressMask, maskProxyAddress} from './mask-proxy-address.js';
import {probe} from './probe.js';

/** Milliseconds in which a Redis given by its URL must answer at the start. */
export const answerMs = 2000;

/** A Redis to work on, and the proxy in front of it. */
export type Target = {
	/** Undefined if it was given by its URL. */
	readonly server: PrivateRedis | undefined;
	/** Undefined where there is no single address to put it in front of: a cluster, a set of sentinels. */
	readonly proxy: FaultProxy | undefined;
	/** URL for the cache, with credentials: through the proxy. */
	readonly cacheUrl: string;
	/** URL for looking at the server, with credentials. */
	readonly inspectUrl: string;
	/** URL past the proxy, with credentials. */
	readonly directUrl: string;
	readonly tls: PoolOptions['tls'];
	/** URL to show, without credentials. */
	readonly shownUrl: string;
	/** URL with its password of a server that this program started. Never that of another one. */
	readonly privateUrl: string | undefined;
	/** To be applied to texts that connections produce. */
	readonly maskProxyAddress: AddressMask;
	close(): Promise<void>;
};

type TargetOptions = {
	/** Use the built-in server as the private Redis, even if there is a server binary. */
	readonly embedded: boolean;
	/** Port of the proxy. An application that connects to it knows no password of a private Redis, which then has none. */
	readonly proxyPort?: number;
};

/**
 * Starts a private Redis, or takes the one at `url`, and puts the fault proxy in front of it.
 *
 * @throws {EngineError | InvalidArgumentError}
 */
export function openTarget(
	url: string | undefined,
	options: TargetOptions,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Target> {
	return url === undefined ? openPrivate(options, onEvent) : openExternal(url, options, onEvent);
}

/** The target as the header and reports show it. */
export function describeTarget({server, shownUrl}: Target, info: InfoSections | undefined): TargetSnapshot {
	if (server) {
		return {kind: server.kind, name: server.name, version: server.version, url: shownUrl, pid: server.pid};
	}
	const {name, version} = serverIdentity(info ?? {});
	return {kind: 'external', name, version, url: shownUrl, pid: undefined};
}

async function openPrivate(
	{embedded, proxyPort}: TargetOptions,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Target> {
	const options: PrivateRedisOptions = {
		prefer: embedded ? 'built-in' : 'auto',
		...(proxyPort === undefined ? {} : {password: ''}),
	};
	const server = await startPrivateRedis(options).catch((error: unknown) => {
		throw new EngineError('ERR_PRIVATE_REDIS_START', oneLine(error), 3);
	});
	const target = {host: server.host, port: server.port};
	const proxy = await openProxy(target, proxyPort, onEvent).catch(async (error: unknown) => {
		await server.close();
		throw error;
	});
	const {url} = server;
	const cacheUrl = `redis://${loginOf(url)}${proxy.host}:${proxy.port}`;
	const shownUrl = `redis://${server.host}:${server.port}/0`;
	return {
		server,
		proxy,
		cacheUrl,
		inspectUrl: url,
		directUrl: url,
		tls: undefined,
		shownUrl,
		privateUrl: url,
		maskProxyAddress: maskProxyAddress({proxy, target, proxyUrl: cacheUrl, shownUrl}),
		async close() {
			await proxy.close();
			await server.close();
		},
	};
}

async function openExternal(
	url: string,
	{proxyPort}: TargetOptions,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Target> {
	const single = singleServerOf(parseRedisUrl(url));
	const target = single?.address;
	const shownUrl = redactUrl(url);
	if (target) await probe(target, shownUrl, answerMs);
	const proxy = target && (await openProxy(target, proxyPort, onEvent));
	const proxyUrl = single && proxy ? urlThrough(url, single, proxy) : url;
	return {
		server: undefined,
		proxy,
		cacheUrl: proxyUrl,
		// Through the proxy as well: the program sees of the server what the application could see.
		inspectUrl: proxyUrl,
		directUrl: url,
		tls: single?.tls,
		shownUrl,
		privateUrl: undefined,
		maskProxyAddress: proxy && target ? maskProxyAddress({proxy, target, proxyUrl, shownUrl}) : (text) => text,
		async close() {
			await proxy?.close();
		},
	};
}

/** @throws {EngineError} The port is taken. */
async function openProxy(
	target: ProxyTarget,
	port: number | undefined,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<FaultProxy> {
	if (port === undefined) return startFaultProxy({target, onEvent});
	return startFaultProxy({target, port, onEvent}).catch((error: NodeJS.ErrnoException) => {
		const reason = error.code === 'EADDRINUSE' ? 'something else listens there' : oneLine(error);
		throw new EngineError('ERR_LISTEN', `cannot listen on 127.0.0.1:${port}: ${reason}`, 2);
	});
}

/** One server, so that the proxy can be put in front of it. */
type SingleServer = {
	readonly address: ProxyTarget;
	readonly db: number;
	/** Undefined: without TLS. */
	readonly tls: PoolOptions['tls'];
};

function singleServerOf(target: RedisTarget): SingleServer | undefined {
	switch (target.type) {
		case 'tcp':
			return {address: target.endpoint, db: target.db, tls: target.tls ? tlsOf(target.endpoint.host) : undefined};
		case 'unix':
			return {address: {path: target.path}, db: target.db, tls: undefined};
		case 'sentinel':
		case 'cluster':
			return undefined;
	}
}

/** The URL of the proxy, with the credentials and the database of the server's URL. */
function urlThrough(url: string, {tls, db}: SingleServer, proxy: FaultProxy): string {
	return `${tls === undefined ? 'redis' : 'rediss'}://${loginOf(url)}${proxy.host}:${proxy.port}/${db}`;
}

/** Checks the certificate against the server's name or address, since connections have that of the proxy. */
function tlsOf(host: string): PoolOptions['tls'] {
	return {
		...(isIP(host) ? {} : {servername: host}),
		checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
	};
}
