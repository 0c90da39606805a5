import type {Pool} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import {
	NodeTracking,
	type TrackingHandlers,
	type TrackingOptions,
	type TrackingState,
	type TrackingWay,
} from './node-tracking.js';

/** Milliseconds that markers are used for writes where Redis cannot send invalidations and there is no memory tier. */
const markersTrustMs = 1000;

const notStarted: TrackingState = {kind: 'gap'};
const notAskedFor: TrackingState = {kind: 'ttl', reason: "memory.coherence is 'ttl'"};
const notInCluster: TrackingState = {kind: 'ttl', reason: 'tracking is not used in a cluster'};

/** Answers for each key how long what this process knows of it may be trusted: the server that has the key decides. */
export class ClientTracking {
	readonly #pool: Pool;
	readonly #options: TrackingOptions;
	#way: TrackingWay | 'ttl';
	#handlers: TrackingHandlers | undefined;
	#node: NodeTracking | undefined;

	/** @param way `ttl`: Redis is not asked to announce anything. */
	constructor(pool: Pool, way: TrackingWay | 'ttl', options: TrackingOptions) {
		this.#pool = pool;
		this.#way = way;
		this.#options = options;
	}

	/** Subscribes, except in a cluster. */
	start(handlers: TrackingHandlers): void {
		this.#handlers = handlers;
		this.#node = this.#open(handlers);
	}

	get way(): TrackingWay | 'ttl' {
		return this.#way;
	}

	/** Goes over to another way. What is in memory is unverified until Redis announces changes again. */
	use(way: TrackingWay): void {
		const handlers = this.#handlers;
		if (handlers === undefined || this.#way === way) return;
		this.#way = way;
		this.#node?.close();
		this.#node = this.#open(handlers);
		handlers.onGap();
	}

	get state(): TrackingState {
		if (this.#pool.topology === 'cluster') return notInCluster;
		if (this.#way === 'ttl') return notAskedFor;
		return this.#node?.state ?? notStarted;
	}

	/**
	 * True if Redis announces this process's own changes to it as well. A tracked key that is written without being read by the
	 * same command is announced once, as any other, and then by nobody: until it is read again, it must not be trusted.
	 */
	get announcesOwnWrites(): boolean {
		return this.#way !== 'tracked';
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
		this.#handlers = undefined;
		this.#node?.close();
	}

	#open(handlers: TrackingHandlers): NodeTracking | undefined {
		if (this.#pool.topology === 'cluster' || this.#way === 'ttl') return undefined;
		return new NodeTracking(this.#pool, this.#way, this.#options, handlers);
	}

	#stateOf(_redisKey: string): TrackingState {
		return this.state;
	}
}
