import {isWildcard} from '../address.js';
import type {Endpoint, RewriteAddress} from '../types.js';

/**
 * Returns the endpoint that a client gets instead of an address; undefined if it is not an address to connect to.
 *
 * @param ip The IP address of the host, if it is also known.
 */
export type TellEndpoint = (host: string, port: string, ip?: string) => Endpoint | undefined;

const highestPort = 65_535;

/** Placeholder that servers send for a node whose name or address they do not know. */
const unknownHost = '?';

export type TellOptions = {
	readonly rewrite: RewriteAddress;
	/** Host of the server, which a reply omits for the server itself and for nodes on the same host. */
	readonly serverHost: string | undefined;
	/** The address of the proxy that the client has connected to. */
	readonly localAddress: string | undefined;
};

/** Replaces addresses of servers for the client of one connection. */
export function tellEndpoints({rewrite, serverHost, localAddress}: TellOptions): TellEndpoint {
	return (host, port, ip) => {
		const known = host === '' ? serverHost : host.replace(/^\[(.*)\]$/, '$1');
		const number = /^\d+$/.test(port) ? Number(port) : 0;
		if (known === undefined || known === unknownHost || number === 0 || number > highestPort) return undefined;
		const endpoint = rewrite(`${known}:${number}`, ip && `${ip}:${number}`);
		if (!isWildcard(endpoint.host) || localAddress === undefined) return endpoint;
		// A dual-stack socket reports IPv4 addresses with this prefix.
		return {host: localAddress.replace(/^::ffff:(?=\d+\.)/, ''), port: endpoint.port};
	};
}
