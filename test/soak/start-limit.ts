/** For how long a cache may wait for its first connection: a busy machine takes long. */
export const longestStart = '60s';
