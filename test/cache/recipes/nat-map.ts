import {RedisCache} from '../../../source/index.js';

/** By the address that a node announces: `{'172.18.0.2:6379': {host: 'localhost', port: 7000}, …}` */
type Nodes = Readonly<Record<string, {readonly host: string; readonly port: number}>>;

export const openCache = (url: string, natMap: Nodes) => new RedisCache({url, pool: {natMap}});
