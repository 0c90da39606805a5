import {randomUUID} from 'node:crypto';

const inspectorPrefix = 'redis-cache-tui-inspect';
const workloadPrefix = 'redis-cache-tui-workload';

/** Identifies this dashboard among others on the same server. */
const dashboard = randomUUID().slice(0, 8);

/** Name of the connections that look at a server, in CLIENT LIST. */
export const inspectorName = `${inspectorPrefix}-${dashboard}`;

/** Name of the connections of the program's own cache, which carries its workload. */
export const workloadName = `${workloadPrefix}-${dashboard}`;

/** In a cluster, ioredis writes its own purpose before the name: `ioredis-cluster(refresher):redis-cache-tui-…`. */
const named = new RegExp(`^(?:ioredis-cluster\\(\\w+\\):)?(${inspectorPrefix}|${workloadPrefix})(?:-(\\w+))?$`);

/** True for a connection of this program, or of another one that looks at the same server. */
export const isOwnClient = (name: string): boolean => named.test(name);

/** True for a connection that looks at a server, of this program or of another one. */
export const isInspector = (name: string): boolean => named.exec(name)?.[1] === inspectorPrefix;

/** The dashboard that a connection belongs to, if it is another one than this; undefined for all other connections. */
export function otherDashboardOf(name: string): string | undefined {
	const [, prefix, id = ''] = named.exec(name) ?? [];
	return prefix === undefined || id === dashboard ? undefined : id;
}
