/** The version of Redis whose behavior the built-in server copies. */
export const redisVersion = '7.0.15';
export const serverName = 'redis-cache-tui built-in server';
