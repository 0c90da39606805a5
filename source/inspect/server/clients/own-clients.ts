/** Name of the connections that look at a server, in CLIENT LIST. */
export const inspectorName = 'redis-cache-tui-inspect';

/** Name of the connections of the program's own cache, which carries its workload. */
export const workloadName = 'redis-cache-tui-workload';

/** True for a connection of this program, or of another one that looks at the same server. */
export const isOwnClient = (name: string): boolean => name === inspectorName || name === workloadName;
