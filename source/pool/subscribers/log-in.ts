import {isReplyError, toServerError} from '../commands/reply-error.js';
import type {NodeConnection} from '../connection/node-connection.js';
import {LoopTimeout} from '../loop-clock.js';
import type {Login} from '../redis-url.js';

/** @returns The reason if Redis refuses; the connection then keeps its old login. Rejects if Redis does not answer. */
export async function logIn(
	connection: NodeConnection,
	latest: () => Login,
	deadlineMs: number,
): Promise<Error | undefined> {
	const timeout = new LoopTimeout(() => connection.destroy(`no answer to AUTH within ${deadlineMs} ms`), deadlineMs);
	try {
		await connection.authenticate(latest);
		return undefined;
	} catch (error) {
		if (isReplyError(error)) return toServerError(error as Error);
		throw error;
	} finally {
		timeout.clear();
	}
}
