import {NotConnectedError, ServerError} from '../../../pool/errors.js';
import {dataSetOf} from '../../../pool/subscribers/data-set.js';
import type {Lane, Pool} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import {AcknowledgedChanges} from './acknowledged-changes.js';
import {type CheckedServer, KnownServers, type Predecessor} from './known-servers.js';

export type RollbackDetectorParts = {
	readonly pool: Pool;
	/**
	 * The beat key: a Redis key under which only this cache writes the time. In a cluster each node has one that begins with
	 * this.
	 */
	readonly beatKey: string;
	/** TTL of the beat key in milliseconds. If it is missing, all remembered changes count as lost. */
	readonly beatLifeMs: number;
	/** Number of acknowledged changes that are remembered individually. For older ones only the time is known. */
	readonly limit: number;
	/** True while the server of the key is in use. */
	readonly isInUse: (redisKey: string) => boolean;
	/** Called when a server has other data than before. @param has True for a name of that server. */
	readonly onReplaced: (has: (name: string) => boolean) => void;
	/** Called for each change of an entry that Redis may have lost. */
	readonly onLostKey: (redisKey: string) => void;
	/** Called for each change of a marker that Redis may have lost. */
	readonly onLostMarker: (markerKey: string) => void;
	/** Called if Redis may have lost changes that are not remembered individually: any entry may be outdated. */
	readonly onLostUnknown: () => void;
	/**
	 * Called if the user lacks the rights for the necessary commands: rollback detection is off until a later check succeeds.
	 */
	readonly onDisabled: (error: Error) => void;
};

/**
 * Detects a rollback of Redis: it was restarted from a dump, or replaced by a replica that lagged behind. Changes that it had
 * acknowledged are then lost, and deleted values are back.
 *
 * While this cache makes changes, it writes the time to its *beat key* once a second; in a cluster, on each node that it
 * changes. When the lanes lead to a new data set, that key shows how far back Redis went: changes by this process that were
 * acknowledged since then become dirty.
 */
export class RollbackDetector {
	readonly #parts: RollbackDetectorParts;
	readonly #acknowledged: AcknowledgedChanges;
	readonly #servers: KnownServers;
	#isBeating = false;
	/** Addresses of the servers on which the user lacks the necessary rights. */
	readonly #refusing = new Set<string | undefined>();

	constructor(parts: RollbackDetectorParts) {
		this.#parts = parts;
		this.#acknowledged = new AcknowledgedChanges(parts.limit);
		this.#servers = new KnownServers(parts.pool, parts.beatKey);
	}

	/** The beat keys of the cache. They remain in Redis after it has closed. */
	get beatKeys(): readonly string[] {
		return this.#servers.beatKeys;
	}

	/**
	 * Redis has acknowledged a change of an entry.
	 *
	 * @param hash Hash of the key, if it is already computed.
	 */
	keyChanged(redisKey: string, hash?: number): void {
		this.#acknowledged.addKey(redisKey, hash);
	}

	/** Redis has acknowledged a change of a marker. */
	markerChanged(markerKey: string): void {
		this.#acknowledged.addMarker(markerKey);
	}

	/** Call once a second while connected. Writes the beat if anything was changed since the last call. */
	async beat(): Promise<void> {
		if (this.#isBeating || this.#acknowledged.isCurrentEmpty) return;
		this.#isBeating = true;
		const beatKeys = this.#servers.beatKeysFor(this.#acknowledged.current());
		const now = localNow();
		this.#acknowledged.endPeriod(now);
		// If a beat fails, the previous one counts.
		await Promise.allSettled([...beatKeys].filter(this.#parts.isInUse).map((beatKey) => this.#beat(beatKey, now)));
		this.#isBeating = false;
	}

	/** Call before a server is read again. If the check rejects, nothing is forgotten, and it can be repeated. */
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
	 * False if the data set is known to differ from the checked one.
	 *
	 * @param dataSet `undefined`: not known.
	 * @param address Of a node of a cluster.
	 */
	isSameDataSet(dataSet: string | undefined, address: string | undefined): boolean {
		const checked = this.#servers.dataSetOf(address);
		return this.#refusing.has(address) || checked === undefined || dataSet === undefined || dataSet === checked;
	}

	/**
	 * @returns True if a lane leads to the checked data set: when an address moves, its lanes may follow one by one. Rejects if
	 * the server does not answer.
	 */
	async leadsToSameDataSet(lane: Lane): Promise<boolean> {
		if (this.#refusing.has(lane.node) || this.#servers.dataSetOf(lane.node) === undefined) return true;
		try {
			return this.isSameDataSet(await dataSetOfLane(lane), lane.node);
		} catch (error) {
			// Not an outage: the user lacks the right, so the data set cannot be verified.
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
			// Reconciling with one of two servers would leave the other one stale, so all lanes must reconnect first.
			for (const lane of others) lane.reset('another lane leads to another Redis');
			throw new NotConnectedError('Lanes lead to different Redis servers: connecting again');
		}
		if (next === undefined) throw new NotConnectedError('No lane leads to Redis: connecting again');
		if (predecessor !== undefined && next !== predecessor.dataSet)
			this.#reportLostSince(await this.#latestBeat(server, predecessor), address);
		// Recorded last, so that a check that fails half-way is repeated.
		this.#servers.checked(address, next);
	}

	/** The latest beat in the data of a server, which may be older than its predecessor's data; 0 if it has none. */
	async #latestBeat({lanes}: CheckedServer, {beatKeys}: Predecessor): Promise<number> {
		const {pool} = this.#parts;
		// An empty server has no outdated values.
		if (Number(await lanes[0]?.send('DBSIZE', [], {isUpkeep: true})) === 0) return Number.POSITIVE_INFINITY;
		const beats = await Promise.all(
			beatKeys.map(async (beatKey) => Number(await pool.laneOf(beatKey).send('GET', [beatKey], {isUpkeep: true}))),
		);
		return Math.max(0, ...beats.filter((beat) => !Number.isNaN(beat)));
	}

	#reportLostSince(beat: number, address: string | undefined): void {
		const {pool, onReplaced, onLostKey, onLostMarker, onLostUnknown} = this.#parts;
		const has = (name: string) => pool.nodeOf(name)?.address === address;
		const {keys, markers, areMoreLost} = this.#acknowledged.takeSince(beat, localNow(), has);
		onReplaced(has);
		if (areMoreLost) onLostUnknown();
		for (const redisKey of keys) onLostKey(redisKey);
		for (const markerKey of markers) onLostMarker(markerKey);
	}
}

function dataSetOfLane(lane: Lane): Promise<string> {
	return dataSetOf((command, args) => lane.send(command, args, {isUpkeep: true}));
}
