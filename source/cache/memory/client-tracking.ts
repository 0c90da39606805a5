import type {Pool} from '../../pool/types.js';
import {localNow} from '../clock/local-now.js';
import {
	NodeTracking,
	type TrackingHandlers,
	type TrackingOptions,
	type TrackingState,
	type TrackingWay,
} from './node-tracking.js';

/** Milliseconds for which writes use known markers if Redis cannot send invalidations and there is no memory tier. */
const markersTrustMs = 1000;

const gap: TrackingState = {kind: 'gap'};
const notAskedFor: TrackingState = {kind: 'ttl', reason: "memory.coherence is 'ttl'"};

/**
 * Decides how long knowledge about a key may be trusted, which depends on the invalidation messages of its server. In a cluster
 * each node is tracked separately. A change of the nodes or their slots makes all of memory unverified once, and the keys of a
 * new node are trusted only once it is tracked.
 */
export class ClientTracking {
	readonly #pool: Pool;
	readonly #options: TrackingOptions;
	/** By address of the node; `undefined` for a server that is not part of a cluster. */
	readonly #nodes = new Map<string | undefined, NodeTracking>();
	#way: TrackingWay | 'ttl';
	#handlers: TrackingHandlers | undefined;
	/** The state of all servers while they have the same one, so that the node of a key need not be looked up. Hot path. */
	#common: TrackingState | undefined;
	#removeListener = () => {};

	/** @param way With `ttl`, Redis is not asked to announce changes. */
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

	/** Switches to another way. Entries in memory are unverified until Redis announces changes again. */
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

	/** State of one server, or of one node of a cluster. */
	stateAt(node: string | undefined): TrackingState {
		return this.#nodes.get(node)?.state ?? gap;
	}

	/** State of the least trusted server. */
	get state(): TrackingState {
		if (this.#common !== undefined) return this.#common;
		const states = [...this.#nodes.values()].map(({state}) => state);
		return states.find(({kind}) => kind === 'gap') ?? states.find(({kind}) => kind === 'ttl') ?? gap;
	}

	/**
	 * True if an entry that this process has just written can be trusted without being read again. In tracked mode it cannot:
	 * after one announcement Redis no longer tracks a key until it is read again, so changes that others make after this write
	 * are not announced. If all servers refuse to announce changes, a written entry is trusted for as long as one that was
	 * read.
	 */
	get trustsOwnWrites(): boolean {
		return this.#way === 'broadcast' || this.#common?.kind === 'ttl';
	}

	/** True if Redis announces changes of this entry, and not of markers only. */
	announcesEntries(redisKey: string): boolean {
		return this.#way !== 'bypass' && this.#stateOf(redisKey).kind === 'tracking';
	}

	/** Id of the connection that receives announcements for the key's server, if Redis announces markers only. */
	markerSubscriberOf(redisKey: string): number | undefined {
		if (this.#way !== 'bypass') return undefined;
		return this.#nodes.get(this.#pool.nodeOf(redisKey)?.address)?.subscriberId;
	}

	/** Local time until which an entry that was just read or written may be served without asking Redis. */
	trustedUntil(redisKey: string, now?: number): number {
		const until = this.markerTrustedUntil(redisKey, now);
		return this.#way === 'bypass' && until === Number.POSITIVE_INFINITY ? 0 : until;
	}

	/** Local time until which the state of a marker that was just read or written is known. */
	markerTrustedUntil(redisKey: string, now?: number): number {
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
		if (this.#stateOf(markerKey).kind !== 'ttl') return this.markerTrustedUntil(markerKey);
		return localNow() + (this.#options.trustMs ?? markersTrustMs);
	}

	/** The data set of the lanes is known: subscribers that are connected to another Redis reconnect. */
	confirmDataSet(): void {
		for (const node of this.#nodes.values()) node.confirmDataSet();
	}

	close(): void {
		this.#removeListener();
		this.#handlers = undefined;
		for (const node of this.#nodes.values()) node.close();
	}

	/** Slots have moved: changes of their keys are announced by other nodes from now on, and some may have been missed. */
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

	#stateOf(redisKey: string): TrackingState {
		if (this.#common !== undefined) return this.#common;
		const node = this.#pool.nodeOf(redisKey);
		return node === undefined ? gap : this.stateAt(node.address);
	}
}
