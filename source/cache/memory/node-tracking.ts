import type {Pool, Subscriber} from '../../pool/types.js';
import {LaneTracking} from './lane-tracking.js';

/**
 * The changes that Redis announces. `broadcast`: those of every key with the prefix of the cache, to every process.
 * `tracked`: Redis remembers which keys a process has read, and announces the next change of each to that process.
 */
export type TrackingWay = 'broadcast' | 'tracked';

/** The way in which this process learns of changes that others make on a server. */
export type TrackingState =
	/** Not connected yet, or invalidations may have been missed: nothing in memory is trusted. */
	| {readonly kind: 'gap'}
	/** Redis sends an invalidation for every change of what this process has in memory. */
	| {readonly kind: 'tracking'}
	/** Redis cannot send invalidations: entries are trusted for a short time. */
	| {readonly kind: 'ttl'; readonly reason: string};

export type TrackingOptions = {
	/** Prefix of all keys of the cache. */
	readonly prefix: string;
	/** Time that an entry is trusted where Redis cannot send invalidations; `undefined`: there is no memory tier. */
	readonly trustMs: number | undefined;
	/** Milliseconds between pings. */
	readonly pingMs: number;
	readonly isIdle: () => boolean;
};

export type TrackingHandlers = {
	/** Invalidations may have been missed, or other servers send them from now on: everything in memory is unverified. */
	readonly onGap: () => void;
	/** A client, maybe this one, changed the key. */
	readonly onInvalidate: (redisKey: string) => void;
	/** All keys were removed: FLUSHALL, or a server about to load the data of another. */
	readonly onInvalidateAll: (node: string | undefined) => void;
	/** True unless the data set is known to be another than the one that the lanes to this node lead to. */
	readonly isSameDataSet: (dataSet: string | undefined, node: string | undefined) => boolean;
	/** The subscriber has connected to another Redis than the lanes to this node. */
	readonly onOtherServer: (node: string | undefined) => void;
};

/**
 * Server-assisted client-side caching of one server.
 *
 * In broadcast mode the subscriber redirects the tracking to itself. One connection carries both the tracking and its messages,
 * so the two cannot fail apart, and its pings notice when it fails. Where Redis tracks what was read, each lane redirects to the
 * subscriber, and both are asked regularly.
 */
export class NodeTracking {
	#state: TrackingState = {kind: 'gap'};
	readonly #node: string | undefined;
	readonly #handlers: TrackingHandlers;
	readonly #subscriber: Subscriber;
	/** The data set that the subscriber's connection leads to; `undefined`: not connected. */
	#connectedTo: {readonly clientId: number; readonly dataSet: string | undefined} | undefined;
	/** `undefined` in broadcast mode. */
	readonly #lanes: LaneTracking | undefined;

	/** @param node Address of a node of a cluster; elsewhere `undefined`. */
	constructor(
		pool: Pool,
		node: string | undefined,
		way: TrackingWay,
		options: TrackingOptions,
		handlers: TrackingHandlers,
	) {
		const {prefix, trustMs, pingMs, isIdle} = options;
		this.#node = node;
		this.#handlers = handlers;
		this.#lanes = way === 'tracked' ? this.#trackLanes(pool, options) : undefined;
		this.#subscriber = pool.subscriber({
			node,
			pingMs,
			isIdle,
			// Without a memory tier only changes of markers matter, and not the beats of other processes.
			...(way === 'broadcast' ? {trackPrefix: trustMs === undefined ? `${prefix}:!{` : `${prefix}:`} : {}),
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

	/** The lanes to this node are known to lead to one Redis: a subscriber connected to another one connects again. */
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

	/** Redis refuses again and again what it is asked for again and again. */
	#refused(reason: string): void {
		if (this.#state.kind !== 'ttl' || this.#state.reason !== reason) this.#change({kind: 'ttl', reason});
	}

	#change(state: TrackingState): void {
		this.#state = state;
		this.#handlers.onGap();
	}
}
