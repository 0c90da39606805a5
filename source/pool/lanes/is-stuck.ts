import type {Lane, Pool} from '../types.js';

export type StuckLaneParts = {
	readonly pool: Pick<Pool, 'lanes' | 'nodes'>;
	readonly deadlineMs: number;
	/** False for a lane that must not be used instead. */
	readonly mayUse: (lane: Lane) => boolean;
};

/** A reply that is due for less is on its way, in milliseconds. With a short deadline, a fourth of that. */
const dueMs = 50;

/**
 * True if a reply has long been due on a lane, and another lane to the same server has answered what was sent then: a large reply
 * is on its way, or the connection is lost unnoticed. Of the lanes that may be used at least one is not stuck.
 */
export function isStuck({pool, deadlineMs, mayUse}: StuckLaneParts, lane: Lane): boolean {
	if (lane.inFlight === 0) return false;
	const {waitingMs} = lane;
	if (waitingMs < Math.min(dueMs, deadlineMs / 4)) return false;
	const lanes = lane.node === undefined ? pool.lanes : pool.nodes.find(({address}) => address === lane.node)?.lanes;
	return lanes?.some((other) => other.state === 'ready' && 2 * other.waitingMs < waitingMs && mayUse(other)) === true;
}
