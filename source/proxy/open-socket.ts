import {connect, type Socket} from 'node:net';
import {type ConnectionOptions, connect as connectTls} from 'node:tls';
import type {ProxyTarget} from './types.js';

/** Connects to a server, with TLS if the target says so. Each side may end before the other. */
export function openSocket({tls, ...address}: ProxyTarget): Socket {
	if (tls === undefined) return connect({...address, allowHalfOpen: true});
	const options: ConnectionOptions & {readonly allowHalfOpen: boolean} = {...tls, ...address, allowHalfOpen: true};
	return connectTls(options);
}
