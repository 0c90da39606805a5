import type {RedisTarget} from '../../../pool/redis-url.js';
import type {Endpoint} from '../../../pool/types.js';
import {type FaultProxy, type FaultProxyEvent, startFaultProxy} from '../../../proxy/fault-proxy.js';
import {NodePorts} from '../../../proxy/node-ports.js';
import type {AddressMask} from '../mask-proxy-address.js';

/** A proxy with a port in front of each node of a cluster, or of each server behind Sentinel and the Sentinels. */
export type NodeProxies = {
	readonly proxy: FaultProxy;
	/** URL for the cache, with credentials. To be used with `natMap`. */
	readonly url: string;
	readonly natMap: (address: string) => Endpoint;
	/** Shows the addresses of nodes in place of those of their ports. */
	readonly mask: AddressMask;
};

/**
 * Opens the proxy of a cluster or a Sentinel set-up. Clients have to be told where it is (`natMap`), so it serves the cache
 * of this program alone.
 *
 * @returns Undefined for Sentinel with TLS: ioredis would compare the certificates with the address of the proxy.
 */
export async function openNodeProxies(
	url: string,
	parts: RedisTarget,
	onEvent: (event: FaultProxyEvent) => void,
): Promise<NodeProxies | undefined> {
	if (parts.type !== 'cluster' && parts.type !== 'sentinel') return undefined;
	if (parts.type === 'sentinel' && parts.tls) return undefined;
	const proxy = await startFaultProxy({onEvent});
	try {
		const ports = await NodePorts.open(proxy);
		const natMap = (address: string): Endpoint => ports.endpointOf(address);
		const addresses = parts.type === 'sentinel' ? parts.sentinels.map(({host, port}) => `${host}:${port}`) : [];
		return {
			proxy,
			url: parts.type === 'sentinel' ? withHosts(url, addresses.map(natMap)) : url,
			natMap,
			mask: (text) => ports.mask(text),
		};
	} catch (error) {
		await proxy.close();
		throw error;
	}
}

/** The URL with other hosts: `scheme://login@hosts/rest`. */
function withHosts(url: string, endpoints: readonly Endpoint[]): string {
	const [, before = '', after = ''] = /^([^:]+:\/\/(?:[^/?#]*@)?)[^/?#]*(.*)$/.exec(url.trim()) ?? [];
	return `${before}${endpoints.map(({host, port}) => `${host}:${port}`).join(',')}${after}`;
}
