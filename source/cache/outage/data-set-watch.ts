import type {Lane, Pool} from '../../pool/types.js';
import {sampleClock} from '../clock/sample-clock.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import type {Availability} from './availability.js';
import type {Health} from './health.js';
import type {RollbackDetector} from './rollback-detector.js';

export type DataSetWatchParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly availability: Availability;
	readonly health: Health;
	readonly rollback: RollbackDetector;
	/** Takes Redis out of use: all lanes are checked before it is used again. */
	readonly fallBack: (reason: string) => void;
};

/**
 * Watches, while Redis is in use, that all connections lead to the data set that was checked in the last recovery. Behind an
 * address that moves (a failover, a proxy) single connections may come to lead elsewhere.
 */
export class DataSetWatch {
	readonly #parts: DataSetWatchParts;
	/** Lanes that have connected since all lanes were checked: the data set they lead to is not known yet. */
	readonly #unverified = new Set<Lane>();

	constructor(parts: DataSetWatchParts) {
		this.#parts = parts;
	}

	/** False for a lane that may lead to another Redis. While Redis is in use at least one lane may be read. */
	mayRead(lane: Lane): boolean {
		return this.#unverified.size === 0 || !this.#unverified.has(lane);
	}

	/** True if every lane was connected when all lanes were checked. */
	get areAllVerified(): boolean {
		return this.#unverified.size === 0;
	}

	/** All lanes are about to be checked. */
	startCheck(): void {
		this.#unverified.clear();
	}

	/** Not in a cluster: its nodes are probed one by one. */
	laneConnected(lane: Lane): void {
		if (this.#parts.pool.topology === 'cluster') return;
		this.#unverified.add(lane);
		if (this.#parts.availability.isConnected) void this.#verify(lane);
	}

	laneLost(lane: Lane): void {
		this.#unverified.delete(lane);
	}

	/** All keys were removed: another server's data may have replaced them. */
	dataSetReplaced(): void {
		const [lane] = this.#parts.pool.lanes;
		if (this.#parts.availability.isConnected && lane !== undefined) void this.#verify(lane);
	}

	/** A new connection leads to another Redis than the lanes did when they were checked. */
	async follow(): Promise<void> {
		const {availability, pool, rollback, fallBack} = this.#parts;
		const [lane] = pool.lanes;
		if (!availability.isConnected || lane === undefined) return;
		// A lane that does not answer is verified when it connects again.
		const isSame = await rollback.leadsToSameDataSet(lane).catch(() => undefined);
		if (!availability.isConnected || isSame === undefined) return;
		if (!isSame) fallBack('another Redis answers');
		// The address has moved, and the lanes are still connected to the server it led to before.
		else for (const each of pool.lanes) each.reset('its address leads to another Redis');
	}

	async #verify(lane: Lane): Promise<void> {
		const {clocks, rollback, health, fallBack} = this.#parts;
		try {
			const [isSame] = await Promise.all([rollback.leadsToSameDataSet(lane), sampleClock(clocks, lane)]);
			if (isSame) this.#unverified.delete(lane);
			else fallBack('another Redis answers');
		} catch (error) {
			// Still unverified: a new connection is verified again.
			if (lane.state === 'ready') lane.reset('its data set could not be verified in time');
			health.probeFailure(error);
		}
	}
}
