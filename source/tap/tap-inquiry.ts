import {connect} from 'node:net';
import {connect as connectTls} from 'node:tls';
import type {ProxyTarget} from '../proxy/fault-proxy.js';

/**
 * The *inquiry*: the first bytes of a connection by which a tap asks if the other end is a tap, too. To Redis they are a
 * harmless command.
 */
const inquiry = Buffer.from('*2\r\n$4\r\nECHO\r\n$20\r\nredis-cache-tui-tap?\r\n');

/** The answer of a tap, a simple string. Redis would reply with the argument as a bulk string, or with an error. */
const answer = Buffer.from('+redis-cache-tui-tap\r\n');

/** The answer of a tap to the first bytes of a connection; undefined if they are not the inquiry. */
export const answerToInquiry = (bytes: Buffer): Buffer | undefined => (bytes.equals(inquiry) ? answer : undefined);

/** True if a tap listens there. False also if nothing answers within `timeoutMs`. */
export function isTap({tls, ...address}: ProxyTarget, timeoutMs: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = tls === undefined ? connect(address) : connectTls({...tls, ...address});
		let received = '';
		const settle = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(received.startsWith(answer.toString()));
		};
		const timer = setTimeout(settle, timeoutMs);
		socket.on('data', (bytes) => {
			received += bytes.toString('latin1');
			if (received.length >= answer.length) settle();
		});
		socket.on('error', settle).on('close', settle);
		socket.write(inquiry);
	});
}
