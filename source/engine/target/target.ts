import type {ConnectionOptions} from 'node:tls';
import {startPrivateRedis} from '../../embedded/start-private-redis.js';
import type {PrivateRedis, PrivateRedisOptions} from '../../embedded/types.js';
import type {InfoSections} from '../../inspect/server/info/info-sections.js';
import {serverIdentity} from '../../inspect/server/info/server-info.js';
import {type RedisTarget, redactUrl} from '../../pool/redis-url.js';
import {type FaultProxy, type FaultProxyEvent, type ProxyTarget, startFaultProxy} from '../../proxy/fault-proxy.js';
import {EngineError} from '../engine-error.js';
import {oneLine} from '../one-line.js';
import type {TargetSnapshot, TargetWarning} from '../target-snapshot.js';
import {type Connection, defaultDeadlineMs} from './connection.js';
import {probe} from './diagnosis/probe.js';
import {loginOf} from './login-of.js';
import {type AddressMask, maskProxyAddress} from './mask-proxy-address.js';
import {readTlsFiles} from './read-tls-files.js';
import {addressOf, identityOf, urlThrough} from './server-address.js';
import {SshTunnel, type TunnelEvent} from './tunnel/ssh-tunnel.js';
import {parseTunnelUrl} from './tunnel/tunnel-url.js';

/** Milliseconds in which a Redis given by its URL must answer at the start: more for one whose commands may take long. */
const answerMsOf = (deadlineMs: number): number => Math.min(60_000, Math.max(2000, 10 * deadlineMs));

/** Of the proxy in front of a Redis, or of the tunnel to it. */
export type TargetEvent = FaultProxyEvent | TunnelEvent;

/** A Redis to work on, and the proxy in front of it. */
export type Target = {
	/** Undefined if it was given by its URL. */
	readonly server: PrivateRedis | undefined;
	/** The server for proxies. Undefined where there is no single one: a cluster, a set of sentinels. */
	readonly address: ProxyTarget | undefined;
	/** Undefined without an address to put it in front of. */
	readonly proxy: FaultProxy | undefined;
	/** The parts of its URL; undefined for a server that this program started. */
	readonly parts: RedisTarget | undefined;
	/** URL for the cache, with credentials: through the proxy. */
	readonly cacheUrl: string;
	/** URL for looking at the server, with credentials. */
	readonly inspectUrl: string;
	/** URL past the proxy, with credentials. */
	readonly directUrl: string;
	/** Undefined: without TLS. */
	readonly tls: ConnectionOptions | undefined;
	/** Where it is reached through another machine. */
	readonly tunnel?: SshTunnel | undefined;
	/** True if any certificate of the server will do. */
	readonly isInsecure: boolean;
	/** Milliseconds that commands of the cache may take. */
	readonly deadlineMs: number;
	/** Milliseconds that the server gets to answer at the start, and to a question about itself. */
	readonly answerMs: number;
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
	/** Port for an application, which knows no password of a private Redis: there is none then. */
	readonly proxyPort?: number;
	/** So it is behind the tap. */
	readonly tap?: unknown;
	/** Of a private Redis. Default 200. */
	readonly deadlineMs?: number;
};

/**
 * Starts a private Redis, or takes the one of `connection`, and puts the fault proxy in front of it.
 *
 * @throws {EngineError | InvalidArgumentError}
 */
export function openTarget(
	connection: Connection | undefined,
	options: TargetOptions,
	onEvent: (event: TargetEvent) => void,
): Promise<Target> {
	return connection === undefined ? openPrivate(options, onEvent) : openExternal(connection, onEvent);
}

/** The target as the header and reports show it. */
export function describeTarget(
	{server, shownUrl: url}: Target,
	warnings: readonly TargetWarning[],
	info: InfoSections | undefined,
): TargetSnapshot {
	if (server) return {kind: server.kind, name: server.name, version: server.version, url, pid: server.pid, warnings};
	const {name, version} = serverIdentity(info ?? {});
	return {kind: 'external', name, version, url, pid: undefined, warnings};
}

async function openPrivate(
	{embedded, proxyPort, tap, deadlineMs = defaultDeadlineMs}: TargetOptions,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Target> {
	const options: PrivateRedisOptions = {
		prefer: embedded ? 'built-in' : 'auto',
		...(proxyPort === undefined && tap === undefined ? {} : {password: ''}),
	};
	const server = await startPrivateRedis(options).catch((error: unknown) => {
		throw new EngineError('ERR_PRIVATE_REDIS_START', oneLine(error), 3);
	});
	const target = {host: server.host, port: server.port};
	const proxy = await startFaultProxy({target, onEvent}).catch(async (error: unknown) => {
		await server.close();
		throw error;
	});
	const {url} = server;
	const cacheUrl = `redis://${loginOf(url)}${proxy.host}:${proxy.port}`;
	const shownUrl = `redis://${server.host}:${server.port}/0`;
	return {
		server,
		address: target,
		proxy,
		parts: undefined,
		cacheUrl,
		inspectUrl: url,
		directUrl: url,
		tls: undefined,
		isInsecure: false,
		deadlineMs,
		answerMs: answerMsOf(deadlineMs),
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
	{url, tls: files = {}, deadlineMs = defaultDeadlineMs}: Connection,
	onEvent: (event: TargetEvent) => void,
): Promise<Target> {
	const {ssh, parts, url: redisUrl} = parseTunnelUrl(url);
	const tls = 'tls' in parts && parts.tls ? readTlsFiles(files) : undefined;
	const shownUrl = redactUrl(url);
	const serverTls = tls && parts.type === 'tcp' ? {...tls, ...identityOf(parts.endpoint.host)} : tls;
	const answerMs = answerMsOf(deadlineMs);
	const place = addressOf(parts);
	const tunnel = ssh && place && (await SshTunnel.open(ssh, place, onEvent));
	const target = tunnel ? {host: tunnel.host, port: tunnel.port} : place;
	const proxy = await (async () => {
		if (!target) return undefined;
		await probe(target, shownUrl, answerMs);
		return startFaultProxy({target, onEvent});
	})().catch(async (error: unknown) => {
		await tunnel?.close();
		throw error;
	});
	const directUrl = tunnel ? urlThrough(redisUrl, parts, tunnel) : redisUrl;
	const proxyUrl = proxy ? urlThrough(redisUrl, parts, proxy) : redisUrl;
	return {
		server: undefined,
		address: target && {...target, ...(serverTls && {tls: serverTls})},
		proxy,
		parts,
		cacheUrl: proxyUrl,
		// Through the proxy as well: the program sees of the server what the application could see.
		inspectUrl: proxyUrl,
		directUrl,
		tls: serverTls,
		tunnel,
		isInsecure: tls !== undefined && files.insecure === true,
		deadlineMs,
		answerMs,
		shownUrl,
		privateUrl: undefined,
		maskProxyAddress: proxy && place ? maskProxyAddress({proxy, target: place, proxyUrl, shownUrl}) : (text) => text,
		async close() {
			await proxy?.close();
			await tunnel?.close();
		},
	};
}
