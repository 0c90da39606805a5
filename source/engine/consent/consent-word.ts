import {parseRedisUrl} from '../../pool/redis-url.js';

const portSuffix = (port: number, usual: number) => (port === usual ? '' : `:${port}`);

/**
 * The word that consents to writes on a server: its host, with the port where that is not the usual one. Of a socket its
 * path, behind Sentinel the name of the master, of a cluster its first node.
 *
 * @param url As `TargetSnapshot.url` shows it.
 */
export function consentWordOf(url: string): string {
	const target = parseRedisUrl(url);
	switch (target.type) {
		case 'tcp':
			return `${target.endpoint.host}${portSuffix(target.endpoint.port, 6379)}`;
		case 'unix':
			return target.path;
		case 'sentinel':
			return target.master;
		case 'cluster': {
			const [node] = target.nodes;
			return node === undefined ? url : `${node.host}${portSuffix(node.port, 6379)}`;
		}
	}
}
