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

const gap: TrackingState = {kind: 'gap'};
const notAskedFor: TrackingState = {kind: 'ttl', reason: "memory.coherence is 'ttl'"};

/**
 * Answers for each key how long what this process knows of it may be trusted: the server that has the key decides. In a
 * cluster each node is tracked by itself. Nothing is trusted beyond a change of the nodes or their slots: it makes everything
 * unverified once, and the keys of a new node are trusted only when that is tracked.
 */
export class ClientTracking {
	readonly #pool: Pool;
	readonly #options: TrackingOptions;
	/** By address; the one server that is no node of a cluster has none. */
	readonly #nodes = new Map<string | undefined, NodeTracking>();
	#way: TrackingWay | 'ttl';
	#handlers: TrackingHandlers | undefined;
	/** State of all servers, while it is the same: then no key has to be asked for its node. Hot path. */
	#common: TrackingState | undefined;
	#removeListener = () => {};

	/** @param way `ttl`: Redis is not asked to announce anything. */
	constructor(pool: Pool, way: TrackingWay | 'ttl', options: TrackingOptions) {
		this.#pool = pool;
		this.#way = way;
		this.#common = way === 'ttl' ? notAskedFor : gap;
		this.#options = options;
	}

	/** Subscribes. */
	start(handlers: TrackingHandlers): void {
		this.#handlers = handlers;
		if (this.#way === 'ttl') return;
		if (this.#pool.topology !== 'cluster') {
			this.#open(undefined, this.#way, handlers);
			return;
		}
		this.#removeListener = this.#pool.onNodes(() => this.#follow());
		if (this.#pool.nodes.length > 0) this.#follow();
	}

	get way(): TrackingWay | 'ttl' {
		return this.#way;
	}

	/** Goes over to another way. What is in memory is unverified until Redis announces changes again. */
	use(way: TrackingWay): void {
		const handlers = this.#handlers;
		if (handlers === undefined || this.#way === 'ttl' || this.#way === way) return;
		this.#way = way;
		for (const [address, node] of [...this.#nodes]) {
			node.close();
			this.#open(address, way, handlers);
		}
		this.#compare();
		handlers.onGap();
	}

	/** State of one server; in a cluster, of a node. */
	stateAt(node: string | undefined): TrackingState {
		return this.#nodes.get(node)?.state ?? gap;
	}

	/** State of the server with the least trust. */
	get state(): TrackingState {
		if (this.#common !== undefined) return this.#common;
		const states = [...this.#nodes.values()].map(({state}) => state);
		return states.find(({kind}) => kind === 'gap') ?? states.find(({kind}) => kind === 'ttl') ?? gap;
	}

	/**
	 * True if what this process has just written may be trusted without being read again. In tracked mode Redis announces one change of
	 * each key that was read, and forgets that it was read: of a key that was written since, no change of others is announced. Where
	 * all servers refuse to announce anything, a written entry is trusted for as long as one that was read.
	 */
	get trustsOwnWrites(): boolean {
		return this.#way !== 'tracked' || this.#common?.kind === 'ttl';
	}

	/** True if Redis announces changes of this entry, and not of markers only. */
	announcesEntries(redisKey: string): boolean {
		return this.#stateOf(redisKey).kind === 'tracking' && !this.#hearsOfMarkersOnly;
	}

	/** Id of the connection that receives the announcements of the key, where Redis announces markers alone. */
	markerSubscriberOf(redisKey: string): number | undefined {
		if (!this.#hearsOfMarkersOnly) return undefined;
		return this.#nodes.get(this.#pool.nodeOf(redisKey)?.address)?.subscriberId;
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

	/** The lanes are known to lead to one Redis each: a subscriber connected to another one connects again. */
	confirmDataSet(): void {
		for (const node of this.#nodes.values()) node.confirmDataSet();
	}

	close(): void {
		this.#removeListener();
		this.#handlers = undefined;
		for (const node of this.#nodes.values()) node.close();
	}

	/** Slots belong to other nodes than before: what their keys hold by now is announced by others, or was not announced. */
	#follow(): void {
		const handlers = this.#handlers;
		if (handlers === undefined || this.#way === 'ttl') return;
		const addresses = new Set(this.#pool.nodes.map(({address}) => address));
		for (const [address, node] of this.#nodes) {
			if (address !== undefined && addresses.has(address)) continue;
			node.close();
			this.#nodes.delete(address);
		}
		for (const address of addresses) if (!this.#nodes.has(address)) this.#open(address, this.#way, handlers);
		this.#compare();
		handlers.onGap();
	}

	#open(address: string | undefined, way: TrackingWay, handlers: TrackingHandlers): void {
		const onGap = () => {
			this.#compare();
			handlers.onGap();
		};
		this.#nodes.set(address, new NodeTracking(this.#pool, address, way, this.#options, {...handlers, onGap}));
	}

	#compare(): void {
		const [first, ...rest] = [...this.#nodes.values()].map(({state}) => state);
		this.#common = rest.every(({kind}) => kind === first?.kind) ? (first ?? gap) : undefined;
	}

	/** True if Redis announces markers alone. In tracked mode it remembers all that the lanes read, entries as well. */
	get #hearsOfMarkersOnly(): boolean {
		return this.#options.trustMs === undefined && this.#way === 'broadcast';
	}

	#stateOf(redisKey: string): TrackingState {
		if (this.#common !== undefined) return this.#common;
		const node = this.#pool.nodeOf(redisKey);
		return node === undefined ? gap : this.stateAt(node.address);
	}
}
