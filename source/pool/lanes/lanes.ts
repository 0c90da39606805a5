import type {LaneSnapshot} from '../../metrics/pool-snapshot.js';
import type {Lane, PoolNode} from '../types.js';

/** The lanes of a pool: to one server (`LaneSet`), or to each node of a cluster (`ClusterLanes`). */
export type Lanes = {
	readonly all: readonly Lane[];
	/** Changes whenever keys may take another lane than before. */
	readonly routing: number;
	readonly nodes: readonly PoolNode[];
	laneOf(key: string): Lane;
	nodeOf(key: string): PoolNode | undefined;
	/** Resolves once the lanes are ready, or rejects with `NotConnectedError` after `timeoutMs`. */
	ready(timeoutMs: number): Promise<void>;
	rejectReadyWaiters(): void;
	/** Resolves once removed lanes are closed. */
	resize(count: number): Promise<void>;
	resetAll(reason: string): void;
	snapshot(): readonly LaneSnapshot[];
	/** Finds out if the nodes, or their slots, have changed. */
	checkNodes?(): void;
	/** A lane has become ready. */
	onLaneReady(): void;
	/** A lane was lost. */
	onLaneLost(): void;
	/** Resolves once every lane is closed. */
	close(): Promise<void>;
};
