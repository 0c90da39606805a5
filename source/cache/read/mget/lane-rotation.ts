import type {Lane, Pool} from '../../../pool/types.js';
import type {MgetBatch} from './mget-batch.js';

/**
 * Chooses the lane of a batch: any that is ready, in turn. Unlike writes, reads need no lane of their own: a key with a pending
 * write is not read from Redis. The batches of one turn take the same lane, so that in a cluster one write for each node carries
 * them all.
 */
export class LaneRotation {
	readonly #pool: Pool;
	readonly #mayRead: (lane: Lane) => boolean;
	#index = 0;
	/** When the batches were queued that the lane was last chosen for. */
	#chosenFor = 0;

	/** @param mayRead False for a lane whose replies may be those of another Redis. */
	constructor(pool: Pool, mayRead: (lane: Lane) => boolean) {
		this.#pool = pool;
		this.#mayRead = mayRead;
	}

	next(batch: MgetBatch): Lane {
		const pool = this.#pool;
		const lanes = pool.nodeOf(batch.keys[0] ?? '')?.lanes ?? pool.lanes;
		if (batch.queuedAt !== this.#chosenFor) this.#index++;
		this.#chosenFor = batch.queuedAt;
		for (let tries = 0; tries < lanes.length; tries++) {
			const lane = lanes[this.#index % lanes.length];
			if (lane?.state === 'ready' && this.#mayRead(lane)) return lane;
			this.#index++;
		}
		return pool.laneOf(batch.keys[0] ?? '');
	}
}
