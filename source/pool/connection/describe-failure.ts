/** The reason for a connection that the server closed before it was usable. */
export const closedEarly =
	'the server closed the connection at once: it may want TLS (rediss://), be in protected mode (set a password there), or have no room for more clients (maxclients)';

/** An error of a socket or of ioredis as one line that says what to check. */
export const describeFailure = (error: Error, phase: 'opening' | 'ready'): string => {
	// If all addresses of a host fail, Node.js reports them as one `AggregateError`.
	if (error instanceof AggregateError && error.errors[0] instanceof Error)
		return describeFailure(error.errors[0], phase);
	const text = error.message.replaceAll(/\s*\n\s*/g, ' ').trim();
	if (text.startsWith('Unknown RESP type')) return 'what answers there does not speak the Redis protocol';
	if (text.startsWith('All sentinels are unreachable')) {
		const last = /Last error: (.*)$/.exec(text)?.[1];
		if (last !== undefined && /unknown command/i.test(last))
			return 'no sentinel answers there; use redis:// for a server without sentinels';
		return `no sentinel could tell where the master is${last === undefined ? '; check its name in the URL' : ` (${last.trim()})`}`;
	}
	if (text === 'Connection is closed.' || text === 'Failed to refresh slots cache.') return 'no node could be reached';
	const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
	if (phase === 'opening' && (code === 'EPIPE' || code === 'ECONNRESET')) return `${text}; ${closedEarly}`;
	return text === '' ? code || error.name : text;
};
