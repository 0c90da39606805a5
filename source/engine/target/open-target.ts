import {startPrivateRedis} from '../../embedded/start-private-redis.js';
import type {TopologyKind} from '../../embedded/topology/topology-kind.js';
import type {PrivateRedisOptions} from '../../embedded/types.js';
import {redactUrl} from '../../pool/redis-url.js';
import {type FaultProxyEvent, startFaultProxy} from '../../proxy/fault-proxy.js';
import {type Connection, defaultDeadlineMs} from './connection.js';
import {probe} from './diagnosis/probe.js';
import {loginOf} from './login-of.js';
import {maskProxyAddress} from './mask-proxy-address.js';
import {openPrivateServers, openServers} from './nodes/open-servers.js';
import {readTlsFiles} from './read-tls-files.js';
import {addressOf, identityOf, urlThrough} from './server-address.js';
import type {Target, TargetEvent} from './target.js';
import {throwStartError} from './throw-start-error.js';
import {SshTunnel} from './tunnel/ssh-tunnel.js';
import {parseTunnelUrl} from './tunnel/tunnel-url.js';

/** Milliseconds within which a Redis given by its URL must answer at the start: more with a long deadline. */
const answerMsOf = (deadlineMs: number): number => Math.min(60_000, Math.max(2000, 10 * deadlineMs));

type TargetOptions = {
	/** Use the built-in server as the private Redis, even if there is a server binary. */
	readonly embedded: boolean;
	/** Port for an application. A private Redis then has no password, since the application would not know it. */
	readonly proxyPort?: number;
	/** Set if the target is behind the tap. */
	readonly tap?: unknown;
	/** Deadline for a private Redis. Default 200. */
	readonly deadlineMs?: number;
	/** Starts a private cluster or Sentinel set-up. Default: a single private server. */
	readonly topology?: TopologyKind;
	/** Start the private Redis so that its clock can be set, if libfaketime is installed. Default false. */
	readonly setsClock?: boolean;
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
	if (connection !== undefined) return openExternal(connection, onEvent);
	const {topology, proxyPort, tap, deadlineMs = defaultDeadlineMs, setsClock = false} = options;
	if (topology === undefined) return openPrivate(options, onEvent);
	const hasPassword = proxyPort === undefined && tap === undefined;
	return openPrivateServers(topology, {hasPassword, setsClock, deadlineMs, answerMs: answerMsOf(deadlineMs)}, onEvent);
}

async function openPrivate(
	{embedded, proxyPort, tap, deadlineMs = defaultDeadlineMs, setsClock = false}: TargetOptions,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Target> {
	const options: PrivateRedisOptions = {
		prefer: embedded ? 'built-in' : 'auto',
		setsClock,
		...(proxyPort === undefined && tap === undefined ? {} : {password: ''}),
	};
	const server = await startPrivateRedis(options).catch(throwStartError);
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
	const isInsecure = tls !== undefined && files.insecure === true;
	const answerMs = answerMsOf(deadlineMs);
	if (parts.type === 'cluster' || parts.type === 'sentinel')
		return openServers({url: redisUrl, parts, tls, isInsecure, deadlineMs, answerMs}, onEvent);
	const shownUrl = redactUrl(url);
	const serverTls = tls && parts.type === 'tcp' ? {...tls, ...identityOf(parts.endpoint.host)} : tls;
	const place = addressOf(parts);
	const tunnel = ssh && (await SshTunnel.open(ssh, place, onEvent));
	const target = tunnel ? {host: tunnel.host, port: tunnel.port} : place;
	const proxy = await (async () => {
		await probe(target, shownUrl, answerMs);
		return startFaultProxy({target, onEvent});
	})().catch(async (error: unknown) => {
		await tunnel?.close();
		throw error;
	});
	const directUrl = tunnel ? urlThrough(redisUrl, parts, tunnel) : redisUrl;
	const proxyUrl = urlThrough(redisUrl, parts, proxy);
	return {
		server: undefined,
		address: {...target, ...(serverTls && {tls: serverTls})},
		proxy,
		parts,
		cacheUrl: proxyUrl,
		// Through the proxy as well, so that faults affect the inspection, too.
		inspectUrl: proxyUrl,
		directUrl,
		tls: serverTls,
		tunnel,
		isInsecure,
		deadlineMs,
		answerMs,
		shownUrl,
		privateUrl: undefined,
		maskProxyAddress: maskProxyAddress({proxy, target: place, proxyUrl, shownUrl}),
		async close() {
			await proxy.close();
			await tunnel?.close();
		},
	};
}
