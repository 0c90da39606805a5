import {isIP} from 'node:net';
import {type ConnectionOptions, checkServerIdentity} from 'node:tls';
import type {RedisTarget} from '../../pool/redis-url.js';
import {addressOf as endpointText} from '../../proxy/address.js';
import type {ProxyTarget} from '../../proxy/fault-proxy.js';
import type {Endpoint} from '../../proxy/types.js';
import {loginOf} from './login-of.js';

/** A cluster, or Sentinels and the servers behind them. */
export type SeveralServers = Extract<RedisTarget, {readonly type: 'cluster' | 'sentinel'}>;

/** The address of a single server. */
export function addressOf(parts: Exclude<RedisTarget, SeveralServers>): ProxyTarget {
	return parts.type === 'tcp' ? parts.endpoint : {path: parts.path};
}

/** The addresses of a URL, in the form that servers announce: `10.0.0.7:6379`, `fe80::7:6379`. */
export function givenAddressesOf(parts: SeveralServers): readonly string[] {
	const endpoints = parts.type === 'cluster' ? parts.nodes : parts.sentinels;
	return endpoints.map(({host, port}) => `${host}:${port}`);
}

/** The address of the server, or of its first node or Sentinel. */
export function firstAddressOf(parts: RedisTarget): ProxyTarget | undefined {
	switch (parts.type) {
		case 'sentinel':
			return parts.sentinels[0];
		case 'cluster':
			return parts.nodes[0];
		default:
			return addressOf(parts);
	}
}

/** The URL of a proxy or a tunnel, with the credentials and the database of the server's URL. */
export function urlThrough(
	url: string,
	parts: RedisTarget,
	{host, port}: {readonly host: string; readonly port: number},
): string {
	const scheme = 'tls' in parts && parts.tls ? 'rediss' : 'redis';
	const db = 'db' in parts ? parts.db : 0;
	return `${scheme}://${loginOf(url)}${host}:${port}/${db}`;
}

/** The URL of several servers with other hosts, without TLS. */
export function urlWithHosts(url: string, endpoints: readonly Endpoint[]): string {
	const [, kind = '', login = '', rest = ''] = /^rediss?(\+[^:]+:\/\/)([^/?#]*@)?[^/?#]*(.*)$/i.exec(url.trim()) ?? [];
	return `redis${kind}${login}${endpoints.map(endpointText).join(',')}${rest}`;
}

/**
 * TLS options of a proxy for several servers, by the address of each; undefined without TLS. A certificate must contain the
 * name or the IP address by which the server is known. For nodes that announce IP addresses, the name of a host of the URL is
 * accepted as well.
 */
export function tlsByAddress(
	parts: SeveralServers,
	tls: ConnectionOptions | undefined,
): ((address: string) => ConnectionOptions) | undefined {
	if (tls === undefined) return undefined;
	const named = parts.type === 'cluster' ? parts.nodes.find(({host}) => isIP(host) === 0)?.host : undefined;
	return (address) => {
		const host = address.slice(0, address.lastIndexOf(':'));
		return {...identityOf(isIP(host) === 0 ? host : (named ?? host)), ...tls};
	};
}

/** Checks the certificate against the server's name or address, since connections lead to the proxy's address. */
export function identityOf(host: string): ConnectionOptions {
	return {
		...(isIP(host) ? {} : {servername: host}),
		checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
	};
}
