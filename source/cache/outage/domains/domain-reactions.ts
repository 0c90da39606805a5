import type {ModeChange, NodeSnapshot} from '../../../metrics/snapshot.js';
import type {PoolNode} from '../../../pool/types.js';

/** The snapshot of a node, without its coherence. */
export type NodeInUse = Omit<NodeSnapshot, 'coherence'>;

/** How the rest of the cache reacts when a node is lost, and when it is back. */
export type DomainReactions = {
	/** The node went out of use while others are in use. @param has True for its keys. */
	readonly onLost: (has: (redisKey: string) => boolean) => void;
	/** Checks the node for lost changes before it is used again, then calls `onChecked`, and reconciles it. Rejects if it fails again. */
	readonly recover: (node: PoolNode, has: (redisKey: string) => boolean, onChecked: () => void) => Promise<void>;
	/** The node is in use again. */
	readonly onBack: () => void;
	/** Slots have moved between nodes. */
	readonly onMoved: () => void;
	/** The mode of a node has changed. */
	readonly onMode: (node: NodeInUse, previous: ModeChange) => void;
	/** No node is left in use. @param isSilent True if the last one has missed deadlines. */
	readonly onAllLost: (reason: string, isSilent: boolean) => void;
};
