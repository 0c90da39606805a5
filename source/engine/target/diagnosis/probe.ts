import {once} from 'node:events';
import {connect} from 'node:net';
import type {ProxyTarget} from '../../../proxy/fault-proxy.js';
import {EngineError} from '../../engine-error.js';
import {oneLine} from '../../one-line.js';

const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ENOTFOUND: 'no such host',
	EAI_AGAIN: 'the name of the host cannot be looked up',
	ENOENT: 'no such socket',
	EACCES: 'access denied',
};

/**
 * Connects to an address once, without the proxy: if nothing listens there, the proxy could only close the connection, while
 * the error of the system tells the reason.
 *
 * @throws {EngineError} Nothing listens there.
 */
export async function probe(address: ProxyTarget, shownUrl: string, timeoutMs: number): Promise<void> {
	const socket = connect({...address, timeout: timeoutMs});
	try {
		await once(socket, 'connect', {signal: AbortSignal.timeout(timeoutMs)});
	} catch (error) {
		const isLate = error instanceof Error && error.name === 'AbortError';
		const reason = isLate ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
		throw new EngineError(
			'ERR_UNREACHABLE',
			`cannot reach ${shownUrl}: ${reason}; check that Redis runs there and that the URL is right`,
			3,
		);
	} finally {
		socket.on('error', () => undefined);
		socket.destroy();
	}
}

/**
 * Connects to each of several addresses once.
 *
 * @throws {EngineError} Nothing listens at any of them.
 */
export async function probeAny(addresses: readonly ProxyTarget[], shownUrl: string, timeoutMs: number): Promise<void> {
	const outcomes = await Promise.allSettled(addresses.map((address) => probe(address, shownUrl, timeoutMs)));
	const [first, ...others] = outcomes.filter((outcome) => outcome.status === 'rejected');
	if (first !== undefined && others.length + 1 === addresses.length) throw first.reason;
}

/** An error of the system in words. */
export function reasonOf(error: unknown): string {
	const {code} = error as NodeJS.ErrnoException;
	return reasons[code ?? ''] ?? oneLine(error);
}
