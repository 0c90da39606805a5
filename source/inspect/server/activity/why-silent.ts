import {ServerError} from '../../../pool/errors.js';

/** True if the cause of an error, or a cause of that, is that no program listens at the address. */
export function isRefusedConnection(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return ('code' in error && error.code === 'ECONNREFUSED') || isRefusedConnection(error.cause);
}

/** First word of the reply that refused the login, in an error or its causes. */
export function refusalIn(error: unknown): string | undefined {
	if (error instanceof ServerError && error.kind === 'denied') return error.prefix;
	return error instanceof Error ? refusalIn(error.cause) : undefined;
}
