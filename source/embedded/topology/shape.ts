import type {TogetherFaults} from '../../faults/breakable-server.js';
import type {PrivateServer} from '../private-server.js';
import type {TopologyKind} from './topology-kind.js';

/** A set-up of servers that replicate each other, with its own way of failover: a cluster, or a master behind Sentinels. */
export type Shape = {
	readonly kind: TopologyKind;
	/** The URL of the whole set-up, with the password: `redis+cluster://…`. */
	readonly url: string;
	/** The servers that have data. */
	readonly servers: readonly PrivateServer[];
	/** The master that faults affect by default: the first one that answers. */
	master(): Promise<PrivateServer>;
	/** The faults of a server that involve other servers. */
	together(server: PrivateServer): TogetherFaults;
};
