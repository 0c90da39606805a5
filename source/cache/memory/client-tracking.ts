import type {Pool} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import {NodeTracking, type TrackingHandlers, type TrackingOptions, type TrackingState} from './node-tracking.js';

/** Milliseconds that markers are used for writes where Redis cannot send invalidations and there is no memory tier. */
const markersTrustMs = 1000;

const notStarted: TrackingState = {kind: 'gap'};
const notInCluster: TrackingState = {kind: 'ttl', reason: 'tracking is not used in a cluster'};

/** Answers for each key how long what this process knows of it may be trusted: the server that has the key decides. */
export class ClientTracking {
	readonly #pool: Pool;
	readonly #options: TrackingOptions;
	#node: NodeTracking | undefined;

	constructor(pool: Pool, options: TrackingOptions) {
		this.#pool = pool;
		this.#options = options;
	}

	/** Subscribes, except in a cluster. */
	start(handlers: TrackingHandlers): void {
		if (this.#pool.topology !== 'cluster') this.#node = new NodeTracking(this.#pool, this.#options, handlers);
	}

	get state(): TrackingState {
		if (this.#pool.topology === 'cluster') return notInCluster;
		return this.#node?.state ?? notStarted;
	}

	/** True if Redis announces changes of this entry, and not of markers only. */
	announcesEntries(redisKey: string): boolean {
		return this.#stateOf(redisKey).kind === 'tracking' && this.#options.trustMs !== undefined;
	}

	/** Local time until which what was just read or written under a key may be served without asking Redis. */
	trustedUntil(redisKey: string, now?: number): number {
		switch (this.#stateOf(redisKey).kind) {
			case 'tracking':
				return Number.POSITIVE_INFINITY;
			case 'ttl':
				return (now ?? localNow()) + (this.#options.trustMs ?? 0);
			case 'gap':
				return 0;
		}
	}

	/** Local time until which a marker just read or written may be used for writes without asking Redis. */
	markersUsableUntil(markerKey: string): number {
		if (this.#stateOf(markerKey).kind !== 'ttl') return this.trustedUntil(markerKey);
		return localNow() + (this.#options.trustMs ?? markersTrustMs);
	}

	/** The lanes are known to lead to one Redis: a subscriber connected to another one connects again. */
	confirmDataSet(): void {
		this.#node?.confirmDataSet();
	}

	close(): void {
		this.#node?.close();
	}

	#stateOf(_redisKey: string): TrackingState {
		return this.state;
	}
}
