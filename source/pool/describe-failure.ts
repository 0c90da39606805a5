/** Errors of sockets and of ioredis in words that say what to look at, in one line. */
export const describeFailure = (error: Error, phase: 'opening' | 'ready'): string => {
	// Node's error for a host with several addresses, all of which failed.
	if (error instanceof AggregateError && error.errors[0] instanceof Error)
		return describeFailure(error.errors[0], phase);
	const text = error.message.replaceAll(/\s*\n\s*/g, ' ').trim();
	if (text.startsWith('Unknown RESP type')) return 'what answers there does not speak the Redis protocol';
	if (text.startsWith('All sentinels are unreachable')) {
		const last = /Last error: (.*)$/.exec(text)?.[1];
		return `no sentinel could tell where the master is${last === undefined ? '; check its name in the URL' : ` (${last.trim()})`}`;
	}
	if (text === 'Connection is closed.' || text === 'Failed to refresh slots cache.') return 'no node could be reached';
	const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
	if (phase === 'opening' && (code === 'EPIPE' || code === 'ECONNRESET')) return `${text}; ${CLOSED_EARLY}`;
	return text === '' ? code || error.name : text;
};

/** For a connection that the other side ended before it was usable. */
export const CLOSED_EARLY =
	'the server closed the connection at once: it may want TLS (rediss://), or have no room for more clients (maxclients)';
