import {once} from 'node:events';
import {connect, isIP} from 'node:net';
import {checkServerIdentity} from 'node:tls';
import {startPrivateRedis} from '../embedded/start-private-redis.js';
import type {PrivateRedis} from '../embedded/types.js';
import type {Sender} from '../inspect/sender.js';
import type {InfoSections} from '../inspect/server-info.js';
import {serverIdentity} from '../inspect/server-info.js';
import {createPool} from '../pool/create-pool.js';
import {InvalidArgumentError, ServerError} from '../pool/errors.js';
import {parseRedisUrl, type RedisTarget, redactUrl} from '../pool/redis-url.js';
import type {Pool, PoolOptions} from '../pool/types.js';
import {type FaultProxy, type FaultProxyEvent, type ProxyTarget, startFaultProxy} from '../proxy/fault-proxy.js';
import {ClusterInspector, nodeOpener} from './cluster-inspector.js';
import {EngineError} from './engine-error.js';
import {loginOf} from './login-of.js';
import {type ServerWords, serverWords} from './mask-proxy-address.js';
import {oneLine} from './one-line.js';
import type {TargetSnapshot} from './protocol.js';

/** Milliseconds in which a Redis given by URL must answer at the start. */
const answerMs = 2000;

/** A Redis to work on, with the proxy in front of it. */
export type Target = {
	/** Undefined: given by URL. */
	readonly server: PrivateRedis | undefined;
	/** Undefined where there is no single address to put it in front of. */
	readonly proxy: FaultProxy | undefined;
	/** For the cache: through the proxy. Has credentials. */
	readonly cacheUrl: string;
	/** For looking at the server. */
	readonly inspectUrl: string;
	readonly tls: PoolOptions['tls'];
	/** Without credentials. */
	readonly shownUrl: string;
	/** What a connection says, without the proxy's address. */
	readonly words: ServerWords;
	close(): Promise<void>;
};

const proxyTarget = (target: RedisTarget): ProxyTarget | undefined => {
	if (target.type === 'tcp') return target.endpoint;
	return target.type === 'unix' ? {path: target.path} : undefined;
};

/** The same Redis with the same credentials, at another address. */
function urlThrough(url: string, target: RedisTarget, proxy: FaultProxy): string {
	const scheme = target.type === 'tcp' && target.tls ? 'rediss' : 'redis';
	const db = 'db' in target ? target.db : 0;
	return `${scheme}://${loginOf(url)}${proxy.host}:${proxy.port}/${db}`;
}

/** The certificate is for the server's own name or address, not for the proxy's. */
const tlsOf = (host: string): PoolOptions['tls'] => ({
	...(isIP(host) ? {} : {servername: host}),
	checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
});

/** @throws {EngineError} nothing listens there: said at once and plainly, where the proxy could only be cut off. */
async function probe(address: ProxyTarget, shownUrl: string): Promise<void> {
	const socket = connect({...address, timeout: answerMs});
	try {
		await once(socket, 'connect', {signal: AbortSignal.timeout(answerMs)});
	} catch (error) {
		const reason =
			error instanceof Error && error.name === 'AbortError' ? `no answer within ${answerMs / 1000} s` : reasonOf(error);
		throw new EngineError(
			'ERR_UNREACHABLE',
			`cannot reach ${shownUrl}: ${reason}; check that Redis runs there and that the URL is right`,
			3,
		);
	} finally {
		socket.on('error', () => undefined);
		socket.destroy();
	}
}

const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ENOTFOUND: 'no such host',
	EAI_AGAIN: 'the name of the host cannot be looked up',
	ENOENT: 'no such socket',
	EACCES: 'access denied',
};

function reasonOf(error: unknown): string {
	const {code} = error as NodeJS.ErrnoException;
	return reasons[code ?? ''] ?? oneLine(error);
}

async function openPrivate(prefer: 'auto' | 'built-in', onEvent: (event: FaultProxyEvent) => void): Promise<Target> {
	const server = await startPrivateRedis({prefer}).catch((error: unknown) => {
		throw new EngineError('ERR_PRIVATE_REDIS_START', oneLine(error), 1);
	});
	const address = {host: server.host, port: server.port};
	const proxy = await startFaultProxy({target: address, onEvent}).catch(async (error: unknown) => {
		await server.close();
		throw error;
	});
	const url = `redis://${server.host}:${server.port}`;
	const cacheUrl = `redis://${proxy.host}:${proxy.port}`;
	const shownUrl = `${url}/0`;
	return {
		server,
		proxy,
		cacheUrl,
		inspectUrl: url,
		tls: undefined,
		shownUrl,
		words: serverWords(proxy, address, cacheUrl, shownUrl),
		async close() {
			await proxy.close();
			await server.close();
		},
	};
}

async function openExternal(url: string, onEvent: (event: FaultProxyEvent) => void): Promise<Target> {
	const parsed = parseRedisUrl(url);
	const address = proxyTarget(parsed);
	const shownUrl = redactUrl(url);
	if (address) await probe(address, shownUrl);
	const proxy = address && (await startFaultProxy({target: address, onEvent}));
	const throughProxy = proxy ? urlThrough(url, parsed, proxy) : url;
	return {
		server: undefined,
		proxy,
		cacheUrl: throughProxy,
		// One connection more through the proxy: what is seen of the server is what the application could see.
		inspectUrl: throughProxy,
		tls: parsed.type === 'tcp' && parsed.tls ? tlsOf(parsed.endpoint.host) : undefined,
		shownUrl,
		words: proxy && address ? serverWords(proxy, address, throughProxy, shownUrl) : (text) => text,
		async close() {
			await proxy?.close();
		},
	};
}

/**
 * Starts a private Redis, or turns to the one of `url`, and puts the proxy in front of it.
 *
 * @throws {EngineError | InvalidArgumentError}
 */
export function openTarget(
	url: string | undefined,
	embedded: boolean,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<Target> {
	return url === undefined ? openPrivate(embedded ? 'built-in' : 'auto', onEvent) : openExternal(url, onEvent);
}

const inspectionOptions = ({inspectUrl, tls}: Target): PoolOptions => ({
	url: inspectUrl,
	lanes: 1,
	capacity: 20_000,
	deadlineMs: answerMs,
	connectMs: answerMs,
	clientName: 'redis-cache-tui-inspect',
	...(tls ? {tls} : {}),
});

/** What looks at a server. */
export type Inspection = {
	readonly pool: Pool;
	readonly sender: Sender;
	close(): Promise<void>;
};

/** The connection for looking at the server: one lane, a patient deadline, nothing that the cache waits for. */
export function openInspection(target: Target): Inspection {
	const options = inspectionOptions(target);
	const pool = createPool(options);
	const [lane] = pool.lanes;
	if (!lane) throw new Error('a pool has at least one lane');
	if (pool.topology !== 'cluster') return {pool, sender: lane, close: () => pool.close()};
	const nodes = new ClusterInspector(lane, nodeOpener(target.inspectUrl, options));
	return {
		pool,
		sender: nodes,
		async close() {
			await nodes.close();
			await pool.close();
		},
	};
}

/** Why a Redis that did not answer cannot be worked on. */
function whyNot(error: unknown, {shownUrl, words, proxy}: Target): string {
	const cause = error instanceof Error ? error.cause : undefined;
	if ([error, cause].some((each) => each instanceof ServerError && each.kind === 'denied'))
		return `${shownUrl} refused the user name or password: check the URL`;
	const advice = `within ${answerMs / 1000} s: check the URL (${words(oneLine(cause ?? error))})`;
	// Where there is a proxy, something has been found to listen.
	return proxy
		? `${shownUrl} accepts connections but does not answer as Redis does ${advice}`
		: `cannot reach ${shownUrl} ${advice}`;
}

/** @throws {EngineError} the Redis does not answer, or does not let us in; with the program's exit code. */
export async function awaitAnswer(inspection: Pool, target: Target): Promise<void> {
	try {
		await inspection.ready(answerMs);
	} catch (error) {
		if (error instanceof InvalidArgumentError) throw error;
		throw new EngineError('ERR_UNREACHABLE', whyNot(error, target), 3);
	}
}

/** What the header and reports say of the target. */
export function describeTarget({server, shownUrl}: Target, info: InfoSections | undefined): TargetSnapshot {
	if (server) {
		return {kind: server.kind, name: server.name, version: server.version, url: shownUrl, pid: server.pid};
	}
	const {name, version} = serverIdentity(info ?? {});
	return {kind: 'external', name, version, url: shownUrl, pid: undefined};
}
