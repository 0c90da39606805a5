import type {TogetherFaults} from '../../faults/breakable-server.js';
import type {PrivateServer} from '../private-server.js';
import type {TopologyKind} from './topology-kind.js';

/** Servers that replicate each other, and how one takes the place of another. */
export type Shape = {
	readonly kind: TopologyKind;
	/** All of it, with the password: `redis+cluster://…`. */
	readonly url: string;
	/** The servers that have data. */
	readonly servers: readonly PrivateServer[];
	/** The master that faults are done to, of several the first one that answers. */
	master(): Promise<PrivateServer>;
	/** The faults of a server that take others of them. */
	together(server: PrivateServer): TogetherFaults;
};
