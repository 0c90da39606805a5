import {randomUUID} from 'node:crypto';

const inspectorPrefix = 'redis-cache-tui-inspect';
const workloadPrefix = 'redis-cache-tui-workload';

/** Identifies this dashboard among others on the same server. */
const dashboard = randomUUID().slice(0, 8);

/** Name in CLIENT LIST of the connections by which this program inspects a server. */
export const inspectorName = `${inspectorPrefix}-${dashboard}`;

/** Name in CLIENT LIST of the connections of the program's own cache, on which its workload runs. */
export const workloadName = `${workloadPrefix}-${dashboard}`;

/** In a cluster, ioredis puts a prefix before the name: `ioredis-cluster(refresher):redis-cache-tui-…`. */
const named = new RegExp(`^(?:ioredis-cluster\\(\\w+\\):)?(${inspectorPrefix}|${workloadPrefix})(?:-(\\w+))?$`);

/** True for a connection of this dashboard, or of another one on the same server. */
export const isOwnClient = (name: string): boolean => named.test(name);

/** True for a connection by which this dashboard, or another one, inspects a server. */
export const isInspector = (name: string): boolean => named.exec(name)?.[1] === inspectorPrefix;

/** The id of the other dashboard that a connection belongs to; undefined for all other connections. */
export function otherDashboardOf(name: string): string | undefined {
	const [, prefix, id = ''] = named.exec(name) ?? [];
	return prefix === undefined || id === dashboard ? undefined : id;
}
