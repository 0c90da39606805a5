import type {TopologyKind} from '../embedded/topology/topology-kind.js';
import type {NamedConnection} from './target/connection.js';

/** The Redis that the cache works on. */
export type TargetSnapshot = {
	/** `private`: a server process that this program started; `built-in`: its own server; `external`: given with `--url`. */
	readonly kind: 'private' | 'built-in' | 'external';
	/** `redis-server`, `valkey-server`, `built-in server` or `redis`. */
	readonly name: string;
	/** Undefined until the server has answered. */
	readonly version: string | undefined;
	/** Without credentials: `redis://127.0.0.1:41233/0`. */
	readonly url: string;
	readonly pid: number | undefined;
	/** For servers that this program started; undefined for a single one. */
	readonly topology?: TopologyKind | undefined;
	/** For servers that this program started: the reason why their clock cannot be set, with advice. Undefined if it can. */
	readonly clockObstacle?: string | undefined;
	readonly warnings: readonly TargetWarning[];
	/** The nodes of a cluster, or the servers behind Sentinel, by number. Empty for a single server. */
	readonly nodes?: readonly TopologyNode[];
	/** The connection of the configuration file that it was chosen by. */
	readonly connection?: Pick<NamedConnection, 'name' | 'color' | 'delimiter'> | undefined;
};

/** A node of a cluster, or a server behind Sentinel. */
export type TopologyNode = {
	/** The number by which faults name it. A server keeps its number. */
	readonly number: number;
	/** As it is announced: `10.0.0.7:6379`. */
	readonly address: string;
	readonly role: 'master' | 'replica';
	/** Address of the master of a replica. */
	readonly master: string | undefined;
	/** Number of the slots of a master of a cluster. */
	readonly slots: number | undefined;
	/**
	 * Bytes that the master has written and the replica has not received yet. Undefined if it is not connected to its master.
	 */
	readonly lagBytes: number | undefined;
	/**
	 * True if it does not answer: the other nodes have marked it as failed, or it did not answer a Sentinel or this program.
	 */
	readonly isLost?: boolean;
};

/** A property of a target that readers of its statistics must know. */
export type TargetWarning = {
	/**
	 * `insecure`: its certificate is not checked; `cluster-node`: it is a part of a cluster; `too-slow`: a round trip takes
	 * longer than the deadline of a call.
	 */
	readonly id: 'insecure' | 'cluster-node' | 'too-slow';
	/** In one line, with what to do. */
	readonly text: string;
};
