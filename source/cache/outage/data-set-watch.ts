import {NotConnectedError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';
import {sampleClock} from '../clock/sample-clock.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import type {Health} from './health/health.js';
import type {RollbackDetector} from './rollback/rollback-detector.js';

export type DataSetWatchParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	/** True while the server that the lane leads to is in use. */
	readonly isInUse: (lane: Lane) => boolean;
	readonly health: Health;
	readonly rollback: RollbackDetector;
	/** Takes Redis, or a node of a cluster, out of use, so that all lanes are checked before it is used again. */
	readonly fallBack: (reason: string, address?: string) => void;
};

/**
 * While Redis is in use, makes sure that all connections lead to the data set that was checked in the last recovery. If an
 * address moves (by a failover, or behind a proxy), single connections may lead to another Redis.
 */
export class DataSetWatch {
	readonly #parts: DataSetWatchParts;
	/** Lanes that have connected since all lanes were checked: their data set is not verified yet. */
	readonly #unverified = new Set<Lane>();

	constructor(parts: DataSetWatchParts) {
		this.#parts = parts;
	}

	/** False for a lane that may lead to another Redis. While Redis is in use at least one lane may be read. */
	mayRead(lane: Lane): boolean {
		return this.#unverified.size === 0 || !this.#unverified.has(lane);
	}

	/** Throws if one of these lanes has reconnected since `startCheck`. */
	assertVerified(lanes: readonly Lane[]): void {
		if (lanes.some((lane) => this.#unverified.has(lane)))
			throw new NotConnectedError('A lane has connected anew during the recovery: all lanes are checked again');
	}

	/** The check of these lanes begins. */
	startCheck(lanes: readonly Lane[]): void {
		for (const lane of lanes) this.#unverified.delete(lane);
	}

	laneConnected(lane: Lane): void {
		// Removes lanes of nodes that have left the cluster.
		for (const each of this.#unverified) if (each.state === 'closed') this.#unverified.delete(each);
		this.#unverified.add(lane);
		if (this.#parts.isInUse(lane)) void this.#verify(lane);
	}

	laneLost(lane: Lane): void {
		this.#unverified.delete(lane);
	}

	/**
	 * All keys were removed: another server's data may have replaced them.
	 *
	 * @param address Of a node of a cluster.
	 */
	dataSetReplaced(address: string | undefined): void {
		const [lane] = this.#lanesTo(address);
		if (lane !== undefined && this.#parts.isInUse(lane)) void this.#verify(lane);
	}

	/**
	 * A new connection leads to another Redis than the lanes did when they were checked.
	 *
	 * @param address Of a node of a cluster.
	 */
	async follow(address: string | undefined): Promise<void> {
		const {isInUse, rollback, fallBack} = this.#parts;
		const lanes = this.#lanesTo(address);
		const [lane] = lanes;
		if (lane === undefined || !isInUse(lane)) return;
		// A lane that does not answer is verified after it has reconnected.
		const isSame = await rollback.leadsToSameDataSet(lane).catch(() => undefined);
		if (!isInUse(lane) || isSame === undefined) return;
		if (!isSame) fallBack('another Redis answers', address);
		// The address has moved, and the lanes are still connected to the previous server.
		else for (const each of lanes) each.reset('its address leads to another Redis');
	}

	#lanesTo(address: string | undefined): readonly Lane[] {
		const {pool} = this.#parts;
		return address === undefined ? pool.lanes : (pool.nodes.find((node) => node.address === address)?.lanes ?? []);
	}

	async #verify(lane: Lane): Promise<void> {
		const {clocks, rollback, health, fallBack} = this.#parts;
		try {
			const [isSame] = await Promise.all([rollback.leadsToSameDataSet(lane), sampleClock(clocks, lane)]);
			if (isSame) this.#unverified.delete(lane);
			else fallBack('another Redis answers', lane.node);
		} catch (error) {
			// The lane is still unverified; the check is repeated with its next connection.
			if (lane.state === 'ready') lane.reset('its data set could not be verified in time');
			health.probeFailure(error, lane);
		}
	}
}
