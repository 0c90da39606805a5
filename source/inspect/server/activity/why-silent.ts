import {NotConnectedError, ServerError} from '../../../pool/errors.js';

/** Codes of refused connections. A proxy accepts connections to a server that is gone, and resets them at once. */
const refusals: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT']);

const hasRefusal = (error: unknown): boolean =>
	error instanceof Error && (('code' in error && refusals.has(error.code)) || hasRefusal(error.cause));

/** True if a command was not sent because the server refuses or resets new connections: it is not just slow. */
export const isRefusedConnection = (error: unknown): boolean =>
	error instanceof NotConnectedError && hasRefusal(error.cause);

/** First word of the reply that refused the login, found in an error or its causes. */
export function refusalIn(error: unknown): string | undefined {
	if (error instanceof ServerError && error.kind === 'denied') return error.prefix;
	return error instanceof Error ? refusalIn(error.cause) : undefined;
}
