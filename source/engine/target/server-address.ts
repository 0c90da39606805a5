import {isIP} from 'node:net';
import {type ConnectionOptions, checkServerIdentity} from 'node:tls';
import type {RedisTarget} from '../../pool/redis-url.js';
import type {ProxyTarget} from '../../proxy/fault-proxy.js';
import {loginOf} from './login-of.js';

/** The one address that the proxy can be put in front of. */
export function addressOf(parts: RedisTarget): ProxyTarget | undefined {
	switch (parts.type) {
		case 'tcp':
			return parts.endpoint;
		case 'unix':
			return {path: parts.path};
		case 'sentinel':
		case 'cluster':
			return undefined;
	}
}

/** The address of the server, or of its first node or sentinel. */
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

/** Checks the certificate against the server's name or address, since connections have that of the proxy. */
export function identityOf(host: string): ConnectionOptions {
	return {
		...(isIP(host) ? {} : {servername: host}),
		checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
	};
}
