import type {Lane, Pool} from '../types.js';

export type StuckLaneParts = {
	readonly pool: Pick<Pool, 'lanes' | 'nodes'>;
	readonly deadlineMs: number;
	/** False for a lane that cannot be used as a replacement. */
	readonly mayUse: (lane: Lane) => boolean;
};

/** Milliseconds that a reply may take before the lane can count as stuck; with a short deadline, a fourth of the deadline. */
const dueMs = 50;

/**
 * True if a reply has been due on a lane for long, while another lane to the same server has answered commands of that time:
 * either a large reply is arriving on the lane, or its connection is dead. At least one of the usable lanes is never stuck.
 */
export function isStuck({pool, deadlineMs, mayUse}: StuckLaneParts, lane: Lane): boolean {
	if (lane.inFlight === 0) return false;
	const {waitingMs} = lane;
	if (waitingMs < Math.min(dueMs, deadlineMs / 4)) return false;
	const lanes = lane.node === undefined ? pool.lanes : pool.nodes.find(({address}) => address === lane.node)?.lanes;
	return lanes?.some((other) => other.state === 'ready' && 2 * other.waitingMs < waitingMs && mayUse(other)) === true;
}
