import type {ConnectionOptions} from 'node:tls';
import {type FaultProxy, type FaultProxyEvent, startFaultProxy} from '../../../proxy/fault-proxy.js';
import {NodePorts} from '../../../proxy/node-ports.js';
import type {Endpoint} from '../../../proxy/types.js';
import {type AddressMask, withoutGuesses} from '../mask-proxy-address.js';
import {givenAddressesOf, type SeveralServers, tlsByAddress, urlWithHosts} from '../server-address.js';

/** A proxy with a port in front of each node of a cluster, or of each server behind Sentinel and the Sentinels. */
export type NodeProxies = {
	readonly proxy: FaultProxy;
	/** URL for the cache of this program, with credentials. Use it with `natMap`. */
	readonly url: string;
	readonly natMap: (address: string) => Endpoint;
	/** Replaces the addresses of the ports by those of their nodes. */
	readonly mask: AddressMask;
};

/**
 * Opens the proxy of a cluster or a Sentinel set-up, with ports for the cache of this program, which finds them through
 * `natMap`. It speaks TLS to the nodes of a cluster itself. To servers behind Sentinel the proxy does: ioredis would compare
 * their certificates with the address of the proxy.
 */
export async function openNodeProxies(
	url: string,
	parts: SeveralServers,
	{tls, onEvent}: {readonly tls: ConnectionOptions | undefined; readonly onEvent: (event: FaultProxyEvent) => void},
): Promise<NodeProxies> {
	const proxy = await startFaultProxy({onEvent});
	try {
		const ports = await NodePorts.open(proxy, parts.type === 'sentinel' ? {tls: tlsByAddress(parts, tls)} : {});
		const natMap = (address: string): Endpoint => ports.endpointOf(address);
		return {
			proxy,
			url: parts.type === 'sentinel' ? urlWithHosts(url, givenAddressesOf(parts).map(natMap)) : url,
			natMap,
			mask: (text) => withoutGuesses(ports.mask(text)),
		};
	} catch (error) {
		await proxy.close();
		throw error;
	}
}
