const maxInProgress = 1024;

/**
 * Shortens the lifetimes of entries that would outlive their TTL because the server's clock was set back. Concurrent reads of
 * an entry cause only one correction.
 *
 * @param redate Shortens the lifetime of one key. Must not reject.
 */
export function redating(redate: (redisKey: string) => Promise<unknown>): (redisKey: string) => void {
	const inProgress = new Set<string>();
	return (redisKey) => {
		if (inProgress.size >= maxInProgress || inProgress.has(redisKey)) return;
		inProgress.add(redisKey);
		void redate(redisKey).then(() => inProgress.delete(redisKey));
	};
}
