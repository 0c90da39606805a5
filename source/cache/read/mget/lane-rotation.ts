import type {Lane, Pool} from '../../../pool/types.js';
import type {MgetBatch} from './mget-batch.js';

/**
 * Chooses the lane of a batch: the last one, as long as no reply is due on it, else the next one that is ready. Unlike writes,
 * reads need no lane of their own: a key with a pending write is not read from Redis. What one lane needs here, in the kernel and
 * in Redis stays in the caches of the processors.
 *
 * In a cluster, batches of one turn take the same lane of their node, so that one write carries them all. Elsewhere each takes
 * another one, if possible one on which no reply is due: Redis answers a lane once it has worked through all that it has read
 * from it, and by two lanes it works on one batch while this process reads the reply to the other.
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

	/**
	 * True if batches of one turn can be answered one after the other: at least two lanes are ready, to one server, and no reply is
	 * due on either. One that is due may be that of writes, or of a connection that is lost unnoticed.
	 */
	get isSpread(): boolean {
		const {topology, lanes} = this.#pool;
		if (topology === 'cluster') return false;
		let idle = 0;
		for (const lane of lanes) if (lane.inFlight === 0 && this.#isUsable(lane)) idle++;
		return idle > 1;
	}

	next(batch: MgetBatch): Lane {
		const pool = this.#pool;
		const node = pool.nodeOf(batch.keys[0] ?? '');
		const lanes = node?.lanes ?? pool.lanes;
		if (node !== undefined && batch.queuedAt !== this.#chosenFor && lanes[this.#index % lanes.length]?.inFlight !== 0)
			this.#index++;
		this.#chosenFor = batch.queuedAt;
		let busy: Lane | undefined;
		for (let tries = 0; tries < lanes.length; tries++) {
			const lane = lanes[(this.#index + tries) % lanes.length];
			if (lane === undefined || !this.#isUsable(lane)) continue;
			if (node !== undefined || lane.inFlight === 0) {
				this.#index += tries;
				return lane;
			}
			busy ??= lane;
		}
		this.#index++;
		return busy ?? pool.laneOf(batch.keys[0] ?? '');
	}

	#isUsable(lane: Lane): boolean {
		return lane.state === 'ready' && this.#mayRead(lane);
	}
}
