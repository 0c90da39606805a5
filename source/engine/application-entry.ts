import {addressOf, endpointAt, isWildcard} from '../proxy/address.js';

type Kind = 'server' | 'cluster' | 'sentinel';

const parts: Readonly<Record<Kind, string>> = {
	server: 'its Redis',
	cluster: 'the only node of its cluster',
	sentinel: 'its only Sentinel',
};

/** The set-up of servers that a URL leads to. */
function kindOf(target: string): Kind {
	const [, kind] = /^rediss?\+(cluster|sentinel):/i.exec(target) ?? [];
	return kind?.toLowerCase() === 'cluster' ? 'cluster' : kind === undefined ? 'server' : 'sentinel';
}

/**
 * The address by which programs of this machine reach a port that listens at `address`: `0.0.0.0` is not an address to connect
 * to.
 */
function reachable(address: string): string {
	const {host, port} = endpointAt(address);
	const plain = host.replace(/^\[(.*)\]$/, '$1');
	return isWildcard(plain) ? addressOf({host: plain === '::' ? '::1' : '127.0.0.1', port}) : address;
}

/**
 * The address to give to an application instead of that of its Redis: a URL, or `host:port` if it represents a Sentinel.
 *
 * @param address The address at which the tap listens.
 * @param target URL of the Redis behind it.
 */
export function entryOf(address: string, target: string): string {
	return kindOf(target) === 'sentinel' ? reachable(address) : `redis://${reachable(address)}`;
}

/**
 * The same, with its role if it represents one of several servers: `redis://127.0.0.1:6380 as the only node of its cluster`.
 */
export function entryWords(address: string, target: string): string {
	return kindOf(target) === 'server' ? entryOf(address, target) : startWords(address, target);
}

/** The same in words: `redis://127.0.0.1:6380 as its Redis`. */
export function startWords(address: string, target: string): string {
	return `${entryOf(address, target)} as ${parts[kindOf(target)]}`;
}
