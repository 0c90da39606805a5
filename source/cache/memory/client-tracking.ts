import type {Pool, Subscriber} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';

/** The way in which this process learns of changes that others make. */
export type ClientTrackingState =
	/** Not connected yet, or invalidations may have been missed: nothing in memory is trusted. */
	| {readonly kind: 'gap'}
	/** Redis sends an invalidation for every change. */
	| {readonly kind: 'tracking'}
	/** Redis cannot send invalidations: entries are trusted for a short time. */
	| {readonly kind: 'ttl'; readonly reason: string};

export type ClientTrackingOptions = {
	/** Prefix of all keys of the cache. */
	readonly prefix: string;
	/** Time that an entry is trusted where Redis cannot send invalidations; `undefined`: there is no memory tier. */
	readonly trustMs: number | undefined;
	/** Milliseconds between pings. */
	readonly pingMs: number;
	readonly isIdle: () => boolean;
};

export type ClientTrackingHandlers = {
	/** Invalidations may have been missed: everything in memory is unverified. */
	readonly onGap: () => void;
	/** A client, maybe this one, changed the key. */
	readonly onInvalidate: (redisKey: string) => void;
	/** All keys were removed: FLUSHALL, or a server about to load the data of another. */
	readonly onInvalidateAll: () => void;
	/** True unless the data set is known to be another than the one that the lanes lead to. */
	readonly isSameDataSet: (dataSet: string | undefined) => boolean;
	/** The subscriber has connected to another Redis than the lanes. */
	readonly onOtherServer: () => void;
};

/** Milliseconds that markers are used for writes where Redis cannot send invalidations and there is no memory tier. */
const markersTrustMs = 1000;

/**
 * Server-assisted client-side caching in broadcast mode, redirected by the subscriber to itself. One connection carries
 * both the tracking and its messages, so the two cannot fail apart, and its pings notice when it fails.
 */
export class ClientTracking {
	#state: ClientTrackingState = {kind: 'gap'};
	readonly #pool: Pool;
	readonly #options: ClientTrackingOptions;
	#handlers: ClientTrackingHandlers | undefined;
	#subscriber: Subscriber | undefined;
	/** The data set that the subscriber's connection leads to; `undefined`: not connected. */
	#connectedTo: {readonly dataSet: string | undefined} | undefined;

	constructor(pool: Pool, options: ClientTrackingOptions) {
		this.#pool = pool;
		this.#options = options;
		if (pool.topology === 'cluster') this.#state = {kind: 'ttl', reason: 'tracking is not used in a cluster'};
	}

	/** Subscribes, except in a cluster. */
	start(handlers: ClientTrackingHandlers): void {
		this.#handlers = handlers;
		if (this.#pool.topology === 'cluster') return;
		const {prefix, trustMs, pingMs, isIdle} = this.#options;
		this.#subscriber = this.#pool.subscriber({
			pingMs,
			isIdle,
			// Without a memory tier only changes of markers matter.
			trackPrefix: trustMs === undefined ? `${prefix}:!` : `${prefix}:`,
			onReady: (_clientId, dataSet) => {
				this.#connectedTo = {dataSet};
				if (handlers.isSameDataSet(dataSet)) this.#change({kind: 'tracking'});
				else handlers.onOtherServer();
			},
			onRefused: (reason) => this.#change({kind: 'ttl', reason}),
			onLost: () => {
				this.#connectedTo = undefined;
				this.#change({kind: 'gap'});
			},
			onInvalidate: (keys) => {
				if (keys === undefined) handlers.onInvalidateAll();
				else for (const key of keys) handlers.onInvalidate(key.toString('utf8'));
			},
		});
	}

	get state(): ClientTrackingState {
		return this.#state;
	}

	/** True if Redis announces changes of entries, and not of markers only. */
	get announcesEntries(): boolean {
		return this.#state.kind === 'tracking' && this.#options.trustMs !== undefined;
	}

	/** Local time until which what was just read or written may be served without asking Redis. */
	trustedUntil(now?: number): number {
		switch (this.#state.kind) {
			case 'tracking':
				return Number.POSITIVE_INFINITY;
			case 'ttl':
				return (now ?? localNow()) + (this.#options.trustMs ?? 0);
			case 'gap':
				return 0;
		}
	}

	/** Local time until which markers just read or written may be used for writes without asking Redis. */
	markersUsableUntil(): number {
		return this.#state.kind === 'ttl' ? localNow() + (this.#options.trustMs ?? markersTrustMs) : this.trustedUntil();
	}

	/** The lanes are known to lead to one Redis: a subscriber connected to another one connects again. */
	confirmDataSet(): void {
		if (this.#connectedTo === undefined) return;
		if (this.#handlers?.isSameDataSet(this.#connectedTo.dataSet) === false)
			this.#subscriber?.reset('the lanes lead to another Redis');
		else if (this.#state.kind === 'gap') this.#change({kind: 'tracking'});
	}

	close(): void {
		this.#subscriber?.close();
	}

	#change(state: ClientTrackingState): void {
		this.#state = state;
		this.#handlers?.onGap();
	}
}
