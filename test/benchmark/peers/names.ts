/** The file names of the configurations in the heal table, in the order of the table. */
export const peerNames = [
	'redis-cache-tui',
	'redis-cache-tui-grace',
	'bentocache',
	'bentocache-resilient',
	'cacheable',
	'cacheable-non-blocking',
	'cache-manager',
	'cache-manager-non-blocking',
	'async-cache-dedupe',
	'async-cache-dedupe-deadline',
] as const;
