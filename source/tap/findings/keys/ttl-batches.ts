import type {KeyUse} from './key-use.js';

/** Keys of one pattern that one connection gave the same TTL, one after the other. */
export type TtlBatch = {
	readonly pattern: string;
	/** Milliseconds. */
	readonly ttlMs: number;
	readonly firstAt: number;
	lastAt: number;
	keys: number;
	readonly sample: string[];
};

/**
 * Share of a TTL by which another one may differ and still count as the same: with EXPIREAT, TTLs shrink over a batch.
 */
const tolerance = 0.01;

/** Limits of what is tracked at the same time. */
const maxConnections = 1000;
const maxPatternsOfConnection = 8;
const maxSample = 16;

/**
 * Follows the sets of each connection, and reports batches that have ended: because the connection read something, set
 * keys with another TTL, or has set none for `quietMs`.
 */
export class TtlBatches {
	readonly #connections = new Map<number, Map<string, TtlBatch>>();
	readonly #onEnd: (batch: TtlBatch) => void;
	readonly #quietMs: number;

	constructor(quietMs: number, onEnd: (batch: TtlBatch) => void) {
		this.#quietMs = quietMs;
		this.#onEnd = onEnd;
	}

	/** Adds a use of a key that gave it a TTL. */
	add({known, event}: KeyUse, ttlMs: number): void {
		const {pattern, id} = known;
		const batches = this.#batchesOf(event.connection);
		let batch = batches.get(pattern);
		if (batch !== undefined && Math.abs(batch.ttlMs - ttlMs) > batch.ttlMs * tolerance) {
			this.#onEnd(batch);
			batch = undefined;
		}
		if (batch === undefined) {
			if (batches.size >= maxPatternsOfConnection && !batches.has(pattern)) this.endOf(event.connection);
			batch = {pattern, ttlMs, firstAt: event.sentAt, lastAt: event.sentAt, keys: 0, sample: []};
			this.#batchesOf(event.connection).set(pattern, batch);
		}
		batch.keys++;
		batch.lastAt = event.sentAt;
		if (batch.sample.length < maxSample) batch.sample.push(id);
	}

	/** Ends the batches of a connection. */
	endOf(connection: number): void {
		if (this.#connections.size === 0) return;
		const batches = this.#connections.get(connection);
		if (batches === undefined) return;
		this.#connections.delete(connection);
		for (const batch of batches.values()) this.#onEnd(batch);
	}

	/** Ends the batches to which nothing was added for a while. */
	endQuiet(now: number): void {
		for (const [connection, batches] of this.#connections) {
			for (const [pattern, batch] of batches) {
				if (now - batch.lastAt < this.#quietMs) continue;
				batches.delete(pattern);
				this.#onEnd(batch);
			}
			if (batches.size === 0) this.#connections.delete(connection);
		}
	}

	#batchesOf(connection: number): Map<string, TtlBatch> {
		let batches = this.#connections.get(connection);
		if (batches === undefined) {
			const [oldest] = this.#connections.keys();
			if (this.#connections.size >= maxConnections && oldest !== undefined) this.endOf(oldest);
			batches = new Map();
			this.#connections.set(connection, batches);
		}
		return batches;
	}
}
