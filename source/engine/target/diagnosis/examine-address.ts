import {connect, type Socket} from 'node:net';
import {type ConnectionOptions, connect as connectTls, type TLSSocket} from 'node:tls';
import type {ProxyTarget} from '../../../proxy/fault-proxy.js';

/** Milliseconds that an address has to answer when it is examined. It has accepted a connection before. */
const answerMs = 1000;

/** Milliseconds after a handshake in which a server may still refuse the certificate of the client, by TLS 1.3. */
const refusalMs = 300;

/**
 * What answers at an address: a Redis, one in protected mode, one without room for more clients, a TLS server, a web server, or
 * nothing that is recognized.
 */
export type AddressAnswer = 'redis' | 'protected' | 'full' | 'tls' | 'http' | 'silence';

/** Milliseconds before the PING. A Redis that refuses a connection reports it at once, and closes it. */
const listenMs = 50;

/** Settles with the first bytes or event of a socket, and destroys it. */
function firstOf<T>(
	socket: Socket,
	timeoutMs: number,
	listen: (settle: (value: T | undefined) => void) => void,
): Promise<T | undefined> {
	return new Promise((resolve) => {
		const settle = (value: T | undefined) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(value);
		};
		const timer = setTimeout(settle, timeoutMs, undefined);
		// Also after it has settled: a destroyed socket may report its end.
		socket.on('error', () => settle(undefined));
		socket.on('close', () => settle(undefined));
		listen(settle);
	});
}

/** Finds out what answers at an address, by a PING without a login, and by a TLS handshake. */
export async function answerOf(address: ProxyTarget): Promise<AddressAnswer> {
	const socket = connect({...address});
	const words = await firstOf<string>(socket, answerMs, (settle) => {
		socket.on('connect', () => setTimeout(() => socket.write('PING\r\n'), listenMs).unref());
		socket.on('data', (data) => settle(data.toString('latin1')));
	});
	if (words?.startsWith('-DENIED')) return 'protected';
	if (words?.startsWith('-ERR max number of clients')) return 'full';
	if (words !== undefined && /^[-+]/.test(words)) return 'redis';
	if (words !== undefined && /^(?:HTTP\/|\s*<)/.test(words)) return 'http';
	return (await acceptsTls(address)) ? 'tls' : 'silence';
}

/** True if an address answers a TLS handshake, even with an alert. */
async function acceptsTls(address: ProxyTarget): Promise<boolean> {
	const socket = connectTls({...address, rejectUnauthorized: false});
	const isTls = await firstOf<boolean>(socket, answerMs, (settle) => {
		socket.on('secureConnect', () => settle(true));
		socket.on('error', (error: NodeJS.ErrnoException) => settle(isRefusal(error)));
	});
	return isTls === true;
}

/** An alert of the other side is TLS; an answer in another protocol is not. */
const isRefusal = ({code = ''}: NodeJS.ErrnoException) =>
	code.startsWith('ERR_SSL_') && code !== 'ERR_SSL_WRONG_VERSION_NUMBER' && code !== 'ERR_SSL_PACKET_LENGTH_TOO_LONG';

/** Why a TLS handshake fails. */
export type TlsFailure = {
	/** Error code of Node.js: `DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED`. */
	readonly code: string;
	readonly message: string;
	/** The names that the certificate is for, if it was seen: `DNS:cache.example`. */
	readonly names: string | undefined;
};

/** Makes a TLS handshake like the pool, and returns the reason if it fails; undefined if it succeeds, or there is no answer. */
export async function tlsFailureAt(address: ProxyTarget, options: ConnectionOptions): Promise<TlsFailure | undefined> {
	const socket: TLSSocket = connectTls({...options, ...address});
	const failure = (error: NodeJS.ErrnoException & {cert?: {subjectaltname?: string}}): TlsFailure | undefined =>
		error.code === undefined
			? undefined
			: {code: error.code, message: error.message, names: error.cert?.subjectaltname};
	return firstOf<TlsFailure>(socket, answerMs, (settle) => {
		socket.prependListener('error', (error) => settle(failure(error)));
		socket.on('secureConnect', () => setTimeout(settle, refusalMs, undefined).unref());
	});
}
