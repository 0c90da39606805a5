import type {Endpoint, RedisTarget} from '../../pool/redis-url.js';
import {parseTunnelUrl} from '../target/tunnel/tunnel-url.js';

/** Where the shown URL leaves the host out, since a secret may be in its place. */
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
 * The word that consents to writes on a server: its host, with the port where that is not the usual one. Of a socket its
 * path, behind Sentinel the name of the master, of a cluster its first node; behind a tunnel also the host of that.
 *
 * @param url As `TargetSnapshot.url` shows it.
 */
export function consentWordOf(url: string): string {
	if (url.includes('…')) return unnamed;
	const {ssh, parts} = parseTunnelUrl(url);
	// The same place means another Redis on each machine.
	return ssh === undefined ? placeOf(parts) : `${placeOf(parts)} at ${ssh.destination.replace(/^.*@/, '')}`;
}
