import type {Endpoint, RedisTarget} from '../../pool/redis-url.js';
import {parseTunnelUrl} from '../target/tunnel/tunnel-url.js';

/** Used where the shown URL omits the host, since it may contain a secret. */
const unnamed = 'external';

const usualPort = 6379;

const shown = ({host, port}: Endpoint): string => (port === usualPort ? host : `${host}:${port}`);

function placeOf(target: RedisTarget): string {
	switch (target.type) {
		case 'tcp':
			return shown(target.endpoint);
		case 'unix':
			return target.path;
		case 'sentinel':
			return target.master;
		case 'cluster':
			return target.nodes[0] ? shown(target.nodes[0]) : unnamed;
	}
}

/**
 * The word that consents to writes on a server: its host, with the port if it is not the default. For a socket it is
 * the path, with Sentinel the name of the master, for a cluster the first node; with a tunnel also the tunnel's host.
 *
 * @param url As `TargetSnapshot.url` shows it.
 */
export function consentWordOf(url: string): string {
	if (url.includes('…')) return unnamed;
	const {ssh, parts} = parseTunnelUrl(url);
	// The same address leads to another Redis on each machine, so the tunnel's host is included.
	return ssh === undefined ? placeOf(parts) : `${placeOf(parts)} at ${ssh.destination.replace(/^.*@/, '')}`;
}
