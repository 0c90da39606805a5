import type {ConnectionOptions} from 'node:tls';
import {startPrivateTopology} from '../../../embedded/topology/start-private-topology.js';
import type {TopologyKind} from '../../../embedded/topology/topology-kind.js';
import {parseRedisUrl, redactUrl} from '../../../pool/redis-url.js';
import type {SeveralServers} from '../server-address.js';
import type {Target, TargetEvent} from '../target.js';
import {throwStartError} from '../throw-start-error.js';
import {openNodeProxies} from './node-proxies.js';

type Times = Pick<Target, 'deadlineMs' | 'answerMs'>;

type ServersOptions = Times & {
	readonly url: string;
	readonly parts: SeveralServers;
	/** Undefined: without TLS. */
	readonly tls: ConnectionOptions | undefined;
	readonly isInsecure: boolean;
};

/** Puts the fault proxy in front of each node of a cluster, or of the Sentinels of a URL and the servers behind them. */
export async function openServers(
	{url, parts, tls, isInsecure, deadlineMs, answerMs}: ServersOptions,
	onEvent: (event: TargetEvent) => void,
): Promise<Target> {
	const nodeProxies = await openNodeProxies(url, parts, {tls, onEvent});
	return {
		server: undefined,
		address: undefined,
		proxy: nodeProxies.proxy,
		nodeProxies,
		parts,
		cacheUrl: url,
		inspectUrl: url,
		directUrl: url,
		tls,
		isInsecure,
		deadlineMs,
		answerMs,
		shownUrl: redactUrl(url),
		privateUrl: undefined,
		maskProxyAddress: nodeProxies.mask,
		close: () => nodeProxies.proxy.close(),
	};
}

/**
 * Starts a private cluster or Sentinel set-up behind the fault proxy.
 *
 * @param options `hasPassword` is false for an application without a password.
 * @throws {EngineError} It does not start.
 */
export async function openPrivateServers(
	kind: TopologyKind,
	{hasPassword, setsClock, ...times}: Times & {readonly hasPassword: boolean; readonly setsClock: boolean},
	onEvent: (event: TargetEvent) => void,
): Promise<Target> {
	const options = {setsClock, ...(hasPassword ? {} : {password: ''})};
	const server = await startPrivateTopology(kind, options).catch(throwStartError);
	const url = server.topologyUrl;
	try {
		const parts = parseRedisUrl(url);
		if (parts.type !== 'cluster' && parts.type !== 'sentinel') throw new Error('a private set-up has several servers');
		const target = await openServers({...times, url, parts, tls: undefined, isInsecure: false}, onEvent);
		return {
			...target,
			server,
			shownUrl: target.shownUrl.replace('***@', '').replace(/\?.*/, ''),
			privateUrl: url,
			async close() {
				await target.close();
				await server.close();
			},
		};
	} catch (error) {
		await server.close();
		throw error;
	}
}
