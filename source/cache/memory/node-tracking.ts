import type {Pool, Subscriber} from '../../pool/types.js';
import {LaneTracking} from './lane-tracking.js';

/**
 * The changes that Redis announces. `broadcast`: those of every key with the prefix of the cache, to every process.
 * `tracked`: Redis remembers which keys a process has read, and announces the next change of each to that process.
 * `bypass`: those of markers only, to every process. Each read of an entry then asks Redis.
 */
export type TrackingWay = 'broadcast' | 'tracked' | 'bypass';

/** How this process learns of changes that other clients make on a server. */
export type TrackingState =
	/** Not connected yet, or invalidations may have been missed: nothing in memory is trusted. */
	| {readonly kind: 'gap'}
	/** Redis sends an invalidation for every change of an entry in this process's memory. */
	| {readonly kind: 'tracking'}
	/** Redis cannot send invalidations: entries are trusted for a short time. */
	| {readonly kind: 'ttl'; readonly reason: string};

export type TrackingOptions = {
	/** Prefix of all keys of the cache. */
	readonly prefix: string;
	/**
	 * Milliseconds for which an entry is trusted if Redis cannot send invalidations; `undefined` if there is no memory tier.
	 */
	readonly trustMs: number | undefined;
	/** Milliseconds between pings. */
	readonly pingMs: number;
	readonly isIdle: () => boolean;
};

export type TrackingHandlers = {
	/**
	 * Called when invalidations may have been missed, or when other servers send them from now on: all entries in memory are
	 * unverified.
	 */
	readonly onGap: () => void;
	/** A client, possibly this one, changed the key. */
	readonly onInvalidate: (redisKey: string) => void;
	/** All keys were removed: FLUSHALL, or a server about to load the data of another. */
	readonly onInvalidateAll: (node: string | undefined) => void;
	/** False if the data set is known to differ from that of the lanes to this node. */
	readonly isSameDataSet: (dataSet: string | undefined, node: string | undefined) => boolean;
	/** The subscriber has connected to another Redis than the lanes to this node. */
	readonly onOtherServer: (node: string | undefined) => void;
};

/**
 * Server-assisted client-side caching of one server.
 *
 * In broadcast and bypass mode the subscriber's connection redirects the messages to itself. As one connection has both the
 * tracking and its messages, neither can fail without the other, and pings detect a failure. In tracked mode each lane
 * redirects its messages to the subscriber, and both are checked regularly.
 */
export class NodeTracking {
	#state: TrackingState = {kind: 'gap'};
	readonly #node: string | undefined;
	readonly #handlers: TrackingHandlers;
	readonly #subscriber: Subscriber;
	/** The data set that the subscriber's connection leads to; `undefined` while it is not connected. */
	#connectedTo: {readonly clientId: number; readonly dataSet: string | undefined} | undefined;
	/** Only in tracked mode. */
	readonly #lanes: LaneTracking | undefined;

	/** @param node Address of a node of a cluster; elsewhere `undefined`. */
	constructor(
		pool: Pool,
		node: string | undefined,
		way: TrackingWay,
		options: TrackingOptions,
		handlers: TrackingHandlers,
	) {
		const {prefix, pingMs, isIdle} = options;
		this.#node = node;
		this.#handlers = handlers;
		this.#lanes = way === 'tracked' ? this.#trackLanes(pool, options) : undefined;
		this.#subscriber = pool.subscriber({
			node,
			pingMs,
			isIdle,
			// The prefix of all markers matches neither entries nor the beat keys of other processes.
			...(way === 'tracked' ? {} : {trackPrefix: way === 'bypass' ? `${prefix}:!{` : `${prefix}:`}),
			onReady: (clientId, dataSet) => {
				this.#connectedTo = {clientId, dataSet};
				if (handlers.isSameDataSet(dataSet, node)) this.#begin(clientId);
				else handlers.onOtherServer(node);
			},
			onRefused: (reason) => {
				this.#lanes?.forget();
				this.#refused(reason);
			},
			onLost: () => {
				this.#connectedTo = undefined;
				this.#lanes?.stop();
				this.#change({kind: 'gap'});
			},
			onInvalidate: (keys) => {
				if (keys === undefined) handlers.onInvalidateAll(node);
				else for (const key of keys) handlers.onInvalidate(key.toString('utf8'));
			},
		});
	}

	get state(): TrackingState {
		return this.#state;
	}

	/** Id of the subscriber's connection in Redis; `undefined` while it receives nothing. */
	get subscriberId(): number | undefined {
		return this.#state.kind === 'tracking' ? this.#connectedTo?.clientId : undefined;
	}

	/** The data set of the lanes to this node is known: a subscriber that is connected to another Redis reconnects. */
	confirmDataSet(): void {
		if (this.#connectedTo === undefined) return;
		if (!this.#handlers.isSameDataSet(this.#connectedTo.dataSet, this.#node))
			this.#subscriber.reset('the lanes lead to another Redis');
		else if (this.#state.kind === 'gap') this.#begin(this.#connectedTo.clientId);
	}

	close(): void {
		this.#lanes?.close();
		this.#subscriber.close();
	}

	/** The subscriber receives announcements. */
	#begin(clientId: number): void {
		if (this.#lanes === undefined) this.#change({kind: 'tracking'});
		else this.#lanes.start(clientId);
	}

	#trackLanes(pool: Pool, {pingMs, isIdle}: TrackingOptions): LaneTracking {
		return new LaneTracking(
			pool,
			{pingMs, isIdle, node: this.#node},
			{
				onArmed: (isArmed) => this.#change({kind: isArmed ? 'tracking' : 'gap'}),
				onForgotten: () => this.#handlers.onGap(),
				onRefused: (reason) => this.#refused(reason),
				onUnknownSubscriber: () => this.#subscriber.reset('Redis does not know this connection any more'),
			},
		);
	}

	/** Reports a refusal once: while a right is missing, Redis refuses each attempt. */
	#refused(reason: string): void {
		if (this.#state.kind !== 'ttl' || this.#state.reason !== reason) this.#change({kind: 'ttl', reason});
	}

	#change(state: TrackingState): void {
		this.#state = state;
		this.#handlers.onGap();
	}
}
