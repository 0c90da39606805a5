import type {Lane, Pool} from '../../../pool/types.js';
import type {MgetBatch} from './mget-batch.js';

/**
 * Chooses the lane of a batch: the last one while no reply is due on it, else the next ready one. Unlike a write, a read may
 * take any lane, because a key with a pending write is not read from Redis. Reusing one lane keeps its data in the CPU caches.
 *
 * In a cluster, batches of one turn take the same lane of their node, so that they share one write to the socket. Otherwise
 * each takes another lane, if possible one without a due reply: Redis answers a connection only after it has executed
 * everything that it has read from it, and with two lanes it executes one batch while this process reads the reply to the
 * other.
 */
export class LaneRotation {
	readonly #pool: Pool;
	readonly #mayRead: (lane: Lane) => boolean;
	#index = 0;
	/** Time at which the batches were queued for which the current lane was chosen. */
	#chosenFor = 0;

	/** @param mayRead False for a lane that may lead to another Redis. */
	constructor(pool: Pool, mayRead: (lane: Lane) => boolean) {
		this.#pool = pool;
		this.#mayRead = mayRead;
	}

	/**
	 * True if batches of one turn can be spread over lanes: there is one server, and at least two lanes are ready without a due
	 * reply (which may be that of a write, or on a dead connection).
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
