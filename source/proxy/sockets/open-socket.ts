import {connect, type Socket} from 'node:net';
import {type ConnectionOptions, connect as connectTls} from 'node:tls';
import type {ProxyTarget} from '../types.js';
import type {OnBytes, ReadBuffers} from './read-buffers.js';

/** Connects to a server, with TLS if the target says so. Each side may end before the other. */
export function openSocket({tls, ...address}: ProxyTarget, buffers: ReadBuffers, onBytes: OnBytes): Socket {
	if (tls === undefined) {
		const {onread, release} = buffers.open(onBytes);
		return connect({...address, allowHalfOpen: true, onread}).once('close', release);
	}
	const options: ConnectionOptions & {readonly allowHalfOpen: boolean} = {...tls, ...address, allowHalfOpen: true};
	return connectTls(options).on('data', onBytes);
}
