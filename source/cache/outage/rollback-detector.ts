import {NotConnectedError, ServerError} from '../../pool/errors.js';
import {dataSetOf} from '../../pool/subscribers/data-set.js';
import type {Lane, Pool} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import {AcknowledgedChanges} from './acknowledged-changes.js';

export type RollbackDetectorParts = {
	readonly pool: Pool;
	/** Redis key under which only this cache writes the time. */
	readonly beatKey: string;
	/** Milliseconds that the time lives in Redis. Without it, every change that is remembered counts as lost. */
	readonly beatLifeMs: number;
	/** Number of acknowledged changes that are remembered one by one. Of older ones only the time is known. */
	readonly limit: number;
	/** Redis may have lost this change of an entry. */
	readonly onLostKey: (redisKey: string) => void;
	/** Redis may have lost this change of a marker. */
	readonly onLostMarker: (markerKey: string) => void;
	/** Redis may have lost changes that are not remembered one by one: anything may be out of date. */
	readonly onLostUnknown: () => void;
	/** This user may not use the commands it takes: rollback detection is off from now on. */
	readonly onDisabled: (error: Error) => void;
};

/**
 * Detects a rollback of Redis: it was restarted from a dump, or replaced by a replica that lagged behind. Changes that it had
 * acknowledged are then lost, and deleted values are back.
 *
 * While this cache makes changes, it writes the time under a key of its own once a second. Once the lanes lead to another
 * data set than before, that key tells how far back Redis went: our changes acknowledged since then are dirty again. Not in a
 * cluster.
 */
export class RollbackDetector {
	readonly #parts: RollbackDetectorParts;
	readonly #acknowledged: AcknowledgedChanges;
	/** The data set that the lanes led to when they were last checked. */
	#dataSet: string | undefined;
	#isBeating = false;
	#isEnabled = true;

	constructor(parts: RollbackDetectorParts) {
		this.#parts = parts;
		this.#acknowledged = new AcknowledgedChanges(parts.limit);
	}

	/** Redis key under which the cache writes the time. It outlives the cache. */
	get beatKey(): string {
		return this.#parts.beatKey;
	}

	/** Redis has acknowledged a change of an entry. */
	keyChanged(redisKey: string): void {
		this.#acknowledged.addKey(redisKey);
	}

	/** Redis has acknowledged a change of a marker. */
	markerChanged(markerKey: string): void {
		this.#acknowledged.addMarker(markerKey);
	}

	/** Call once a second while connected. Writes the time if anything was changed since the last call. */
	async beat(): Promise<void> {
		const {pool, beatKey, beatLifeMs} = this.#parts;
		if (this.#isBeating || pool.topology === 'cluster' || this.#acknowledged.isCurrentEmpty) return;
		this.#isBeating = true;
		const now = localNow();
		this.#acknowledged.endPeriod(now);
		try {
			await pool.laneOf(beatKey).send('SET', [beatKey, String(now), 'PX', beatLifeMs]);
		} catch {
			// If this beat fails, the one before it counts.
		} finally {
			this.#isBeating = false;
		}
	}

	/** Call before Redis is read again. Rejects when Redis fails; nothing is forgotten then, and the check is repeated. */
	async check(): Promise<void> {
		if (this.#parts.pool.topology === 'cluster' || !this.#isEnabled) return;
		try {
			await this.#check();
		} catch (error) {
			if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
			this.#isEnabled = false;
			this.#parts.onDisabled(error);
		}
	}

	/** False if the data set is known to be another than the one that was checked. @param dataSet `undefined`: not known. */
	isSameDataSet(dataSet: string | undefined): boolean {
		return !this.#isEnabled || this.#dataSet === undefined || dataSet === undefined || dataSet === this.#dataSet;
	}

	/**
	 * @returns True if a lane leads to the data set that was checked: behind an address that moves, lanes may move one by one.
	 * Rejects if the server does not answer.
	 */
	async leadsToSameDataSet(lane: Lane): Promise<boolean> {
		if (this.#parts.pool.topology === 'cluster' || !this.#isEnabled || this.#dataSet === undefined) return true;
		try {
			return this.isSameDataSet(await dataSetOfLane(lane));
		} catch (error) {
			// A user without the right to use these commands will not have it next time either.
			if (error instanceof ServerError && error.kind !== 'unavailable') return true;
			throw error;
		}
	}

	async #check(): Promise<void> {
		const {pool, beatKey} = this.#parts;
		const {lanes} = pool;
		const dataSets = await Promise.all(lanes.map(dataSetOfLane));
		const next = dataSets.find((dataSet) => dataSet !== this.#dataSet) ?? dataSets[0];
		const others = lanes.filter((_lane, index) => dataSets[index] !== next);
		if (others.length > 0) {
			// Reconciling with one of two servers would leave the other one stale: all lanes have to follow first.
			for (const lane of others) lane.reset('another lane leads to another Redis');
			throw new NotConnectedError('Lanes lead to different Redis servers: connecting again');
		}
		if (this.#dataSet !== undefined && next !== this.#dataSet) {
			const lane = pool.laneOf(beatKey);
			const isEmpty = Number(await lane.send('DBSIZE', [])) === 0;
			// An empty server has nothing old to bring back.
			const beat = isEmpty ? Number.POSITIVE_INFINITY : Number(await lane.send('GET', [beatKey]));
			this.#reportLostSince(Number.isNaN(beat) ? 0 : beat);
		}
		// Last, so that a check that fails half-way is repeated.
		this.#dataSet = next;
	}

	#reportLostSince(beat: number): void {
		const {onLostKey, onLostMarker, onLostUnknown} = this.#parts;
		const {keys, markers, areMoreLost} = this.#acknowledged.takeSince(beat, localNow());
		if (areMoreLost) onLostUnknown();
		for (const redisKey of keys) onLostKey(redisKey);
		for (const markerKey of markers) onLostMarker(markerKey);
	}
}

function dataSetOfLane(lane: Lane): Promise<string> {
	return dataSetOf((command, args) => lane.send(command, args));
}
