import {isWildcard} from '../address.js';
import type {Endpoint, RewriteAddress} from '../types.js';

/**
 * The endpoint that a client is told in place of an address; undefined if the address is none to connect to.
 *
 * @param ip The IP address of the host, if it is known besides.
 */
export type TellEndpoint = (host: string, port: string, ip?: string) => Endpoint | undefined;

const highestPort = 65_535;

/** Placeholder of a server for a node whose name or address it does not know. */
const unknownHost = '?';

export type TellOptions = {
	readonly rewrite: RewriteAddress;
	/** Host of the server, which it leaves out where it names itself or a node of the same host. */
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
		// An IPv4 client of a socket that takes both kinds.
		return {host: localAddress.replace(/^::ffff:(?=\d+\.)/, ''), port: endpoint.port};
	};
}
