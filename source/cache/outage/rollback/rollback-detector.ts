import {NotConnectedError, ServerError} from '../../../pool/errors.js';
import {dataSetOf} from '../../../pool/subscribers/data-set.js';
import type {Lane, Pool} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import {AcknowledgedChanges} from './acknowledged-changes.js';
import {type CheckedServer, KnownServers, type Predecessor} from './known-servers.js';

export type RollbackDetectorParts = {
	readonly pool: Pool;
	/** Redis key under which only this cache writes the time. In a cluster each node has one that begins with it. */
	readonly beatKey: string;
	/** Milliseconds that the time lives in Redis. Without it, every change that is remembered counts as lost. */
	readonly beatLifeMs: number;
	/** Number of acknowledged changes that are remembered one by one. Of older ones only the time is known. */
	readonly limit: number;
	/** True while the server of the key is in use. */
	readonly isInUse: (redisKey: string) => boolean;
	/** Redis may have lost this change of an entry. */
	readonly onLostKey: (redisKey: string) => void;
	/** Redis may have lost this change of a marker. */
	readonly onLostMarker: (markerKey: string) => void;
	/** Redis may have lost changes that are not remembered one by one: anything may be out of date. */
	readonly onLostUnknown: () => void;
	/** This user may not use the commands it takes: rollback detection is off until a later check may. */
	readonly onDisabled: (error: Error) => void;
};

/**
 * Detects a rollback of Redis: it was restarted from a dump, or replaced by a replica that lagged behind. Changes that it had
 * acknowledged are then lost, and deleted values are back.
 *
 * While this cache makes changes, it writes the time under a key of its own once a second; in a cluster, on each node that
 * it changes. Once the lanes lead to another data set than before, that key tells how far back Redis went: our changes of keys
 * of this server acknowledged since then are dirty again.
 */
export class RollbackDetector {
	readonly #parts: RollbackDetectorParts;
	readonly #acknowledged: AcknowledgedChanges;
	readonly #servers: KnownServers;
	#isBeating = false;
	/** Addresses of the servers at which this user may not use the commands it takes. */
	readonly #refusing = new Set<string | undefined>();

	constructor(parts: RollbackDetectorParts) {
		this.#parts = parts;
		this.#acknowledged = new AcknowledgedChanges(parts.limit);
		this.#servers = new KnownServers(parts.pool, parts.beatKey);
	}

	/** Redis keys under which the cache writes the time. They outlive the cache. */
	get beatKeys(): readonly string[] {
		return this.#servers.beatKeys;
	}

	/**
	 * Redis has acknowledged a change of an entry.
	 *
	 * @param hash That of the key, if it is known.
	 */
	keyChanged(redisKey: string, hash?: number): void {
		this.#acknowledged.addKey(redisKey, hash);
	}

	/** Redis has acknowledged a change of a marker. */
	markerChanged(markerKey: string): void {
		this.#acknowledged.addMarker(markerKey);
	}

	/** Call once a second while connected. Writes the time if anything was changed since the last call. */
	async beat(): Promise<void> {
		if (this.#isBeating || this.#acknowledged.isCurrentEmpty) return;
		this.#isBeating = true;
		const beatKeys = this.#servers.beatKeysFor(this.#acknowledged.current());
		const now = localNow();
		this.#acknowledged.endPeriod(now);
		// If a beat fails, the one before it counts.
		await Promise.allSettled([...beatKeys].filter(this.#parts.isInUse).map((beatKey) => this.#beat(beatKey, now)));
		this.#isBeating = false;
	}

	/** Call before a server is read again. Rejects when it fails; nothing is forgotten then, and the check is repeated. */
	async check(server: CheckedServer): Promise<void> {
		try {
			await this.#check(server);
			this.#refusing.delete(server.address);
		} catch (error) {
			if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
			this.#refused(server.address, error);
		}
	}

	/**
	 * False if the data set is known to be another than the one that was checked.
	 *
	 * @param dataSet `undefined`: not known.
	 * @param address Of a node of a cluster.
	 */
	isSameDataSet(dataSet: string | undefined, address: string | undefined): boolean {
		const checked = this.#servers.dataSetOf(address);
		return this.#refusing.has(address) || checked === undefined || dataSet === undefined || dataSet === checked;
	}

	/**
	 * @returns True if a lane leads to the data set that was checked: behind an address that moves, lanes may move one by one.
	 * Rejects if the server does not answer.
	 */
	async leadsToSameDataSet(lane: Lane): Promise<boolean> {
		if (this.#refusing.has(lane.node) || this.#servers.dataSetOf(lane.node) === undefined) return true;
		try {
			return this.isSameDataSet(await dataSetOfLane(lane), lane.node);
		} catch (error) {
			// A user without the right to use these commands will not have it next time either.
			if (error instanceof ServerError && error.kind !== 'unavailable') return true;
			throw error;
		}
	}

	#refused(address: string | undefined, error: Error): void {
		const {pool, onDisabled} = this.#parts;
		for (const each of this.#refusing)
			if (each !== undefined && !pool.nodes.some((node) => node.address === each)) this.#refusing.delete(each);
		if (this.#refusing.size === 0) onDisabled(error);
		this.#refusing.add(address);
	}

	async #beat(beatKey: string, now: number): Promise<void> {
		const {pool, beatLifeMs} = this.#parts;
		await pool.laneOf(beatKey).send('SET', [beatKey, String(now), 'PX', beatLifeMs], {isUpkeep: true});
	}

	async #check(server: CheckedServer): Promise<void> {
		const {address, lanes} = server;
		const dataSets = await Promise.all(lanes.map(dataSetOfLane));
		const predecessor = this.#servers.predecessorOf(address);
		const next = dataSets.find((dataSet) => dataSet !== predecessor?.dataSet) ?? dataSets[0];
		const others = lanes.filter((_lane, index) => dataSets[index] !== next);
		if (others.length > 0) {
			// Reconciling with one of two servers would leave the other one stale: all lanes have to follow first.
			for (const lane of others) lane.reset('another lane leads to another Redis');
			throw new NotConnectedError('Lanes lead to different Redis servers: connecting again');
		}
		if (next === undefined) throw new NotConnectedError('No lane leads to Redis: connecting again');
		if (predecessor !== undefined && next !== predecessor.dataSet)
			this.#reportLostSince(await this.#latestBeat(server, predecessor), address);
		// Last, so that a check that fails half-way is repeated.
		this.#servers.checked(address, next);
	}

	/** The latest beat that a server has, whose data may be older than that of its predecessor. 0: it has none. */
	async #latestBeat({lanes}: CheckedServer, {beatKeys}: Predecessor): Promise<number> {
		const {pool} = this.#parts;
		// An empty server has nothing old to bring back.
		if (Number(await lanes[0]?.send('DBSIZE', [], {isUpkeep: true})) === 0) return Number.POSITIVE_INFINITY;
		const beats = await Promise.all(
			beatKeys.map(async (beatKey) => Number(await pool.laneOf(beatKey).send('GET', [beatKey], {isUpkeep: true}))),
		);
		return Math.max(0, ...beats.filter((beat) => !Number.isNaN(beat)));
	}

	#reportLostSince(beat: number, address: string | undefined): void {
		const {pool, onLostKey, onLostMarker, onLostUnknown} = this.#parts;
		const {keys, markers, areMoreLost} = this.#acknowledged.takeSince(
			beat,
			localNow(),
			(name) => pool.nodeOf(name)?.address === address,
		);
		if (areMoreLost) onLostUnknown();
		for (const redisKey of keys) onLostKey(redisKey);
		for (const markerKey of markers) onLostMarker(markerKey);
	}
}

function dataSetOfLane(lane: Lane): Promise<string> {
	return dataSetOf((command, args) => lane.send(command, args, {isUpkeep: true}));
}
