import type {ModeChange, NodeSnapshot} from '../../../metrics/snapshot.js';
import type {PoolNode} from '../../../pool/types.js';

/** A node, as far as its use is concerned. */
export type NodeInUse = Omit<NodeSnapshot, 'coherence'>;

/** The reactions of the rest of the cache to a node that is lost, and to one that is back. */
export type DomainReactions = {
	/** The node went out of use, and others are in use. @param has True for its keys. */
	readonly onLost: (has: (redisKey: string) => boolean) => void;
	/** Makes the node usable again. Rejects when it fails again. */
	readonly recover: (node: PoolNode, has: (redisKey: string) => boolean) => Promise<void>;
	/** The node is in use again. */
	readonly onBack: () => void;
	/** Slots belong to other nodes than before. */
	readonly onMoved: () => void;
	/** The mode of a node has changed. */
	readonly onMode: (node: NodeInUse, previous: ModeChange) => void;
	/** No node is left in use. @param isSilent True if the last one has missed deadlines. */
	readonly onAllLost: (reason: string, isSilent: boolean) => void;
};
