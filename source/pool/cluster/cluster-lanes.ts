import type {LaneSnapshot} from '../../metrics/pool-snapshot.js';
import type {Traffic} from '../commands/command-channel.js';
import {ClosedError, NotConnectedError} from '../errors.js';
import {LaneSet} from '../lanes/lane-set.js';
import type {Lanes} from '../lanes/lanes.js';
import {ReadyWaiters} from '../lanes/ready-waiters.js';
import type {LaneOptions, RedisLane} from '../lanes/redis-lane.js';
import type {Lane, PoolNode} from '../types.js';
import type {ClusterMap} from './cluster-map.js';
import {ClusterWatch} from './cluster-watch.js';
import {noLane} from './no-lane.js';
import {redirecting} from './redirecting.js';
import {SlotOwners} from './slot-owners.js';
import {TriedNodes} from './tried-nodes.js';

export type ClusterLanesOptions = {
	/** Number of lanes to each node. */
	readonly count: number;
	/** For error messages. */
	readonly redactedUrl: string;
	/** Longest time in milliseconds that a closing lane waits for the replies that are due. */
	readonly drainMs: number;
	/** Milliseconds that the other nodes have to connect once one is ready. After that, the ready ones are used. */
	readonly connectGraceMs: number;
	/** Addresses of nodes from the URL. */
	readonly seeds: readonly string[];
	readonly newLane: (options: ClusterLaneOptions) => RedisLane;
	/** The nodes, or their slots, have changed. */
	readonly onChange: () => void;
};

export type ClusterLaneOptions = Pick<LaneOptions, 'id' | 'traffic' | 'onFailed' | 'redirect'> & {
	readonly node: string;
};

type Node = PoolNode & {readonly set: LaneSet};

/** The lanes to the masters of a cluster. No two nodes share a connection, so that the loss of one node affects no other. */
export class ClusterLanes implements Lanes {
	readonly #options: ClusterLanesOptions;
	readonly #watch: ClusterWatch;
	readonly #traffic: Traffic = {inFlight: 0};
	readonly #readyWaiters = new ReadyWaiters();
	readonly #nodes = new Map<string, Node>();
	readonly #owners = new SlotOwners<Node>();
	readonly #draining = new Set<Promise<void>>();
	readonly #tried: TriedNodes;
	#count: number;
	#routing = 0;
	#nextId = 0;
	#isClosed = false;

	constructor(options: ClusterLanesOptions) {
		this.#options = options;
		this.#count = options.count;
		this.#tried = new TriedNodes({
			connectGraceMs: options.connectGraceMs,
			addresses: () => [...this.#nodes.keys()],
			onOver: () => this.#checkReady(),
		});
		this.#watch = new ClusterWatch({
			seeds: options.seeds,
			openSeed: (node) => this.#newLane(node, {}),
			lanes: () => [...this.#nodes.values()].flatMap(({lanes}) => lanes.slice(0, 1)),
			onMap: (map) => this.#apply(map),
		});
		this.#watch.start();
	}

	/** Until the nodes are known: the lanes to the nodes in the URL. */
	get all(): readonly Lane[] {
		return this.#nodes.size === 0 ? this.#watch.seeds : [...this.#nodes.values()].flatMap(({lanes}) => lanes);
	}

	get nodes(): readonly PoolNode[] {
		return [...this.#nodes.values()];
	}

	get routing(): number {
		let routing = this.#routing;
		for (const {set} of this.#nodes.values()) routing += set.routing;
		return routing;
	}

	nodeOf(key: string): PoolNode | undefined {
		return this.#owners.of(key);
	}

	/** A key whose slot has no node takes any lane, and that node refuses its commands. */
	laneOf(key: string): Lane {
		return this.#owners.of(key)?.set.laneOf(key) ?? this.#anyLane();
	}

	ready(timeoutMs: number): Promise<void> {
		if (this.#isReady) return Promise.resolve();
		return this.#readyWaiters.wait(timeoutMs, () => this.#notReady(timeoutMs));
	}

	rejectReadyWaiters(): void {
		this.#readyWaiters.rejectAll(new ClosedError('The pool'));
	}

	onLaneReady(): void {
		if (this.#nodes.size === 0 || [...this.#watch.seeds].some(({state}) => state === 'ready')) this.#watch.refresh();
		for (const node of this.#nodes.values()) {
			node.set.onLaneReady();
			if (node.set.isReady) this.#tried.add(node.address);
		}
		this.#checkReady();
	}

	checkNodes(): void {
		void this.#watch.check();
	}

	/** A lane was lost: a replica may be promoted in place of its node. */
	onLaneLost(): void {
		this.#watch.refresh();
	}

	async resize(count: number): Promise<void> {
		this.#count = count;
		await Promise.all([...this.#nodes.values()].map(({set}) => set.resize(count)));
	}

	resetAll(reason: string): void {
		for (const {set} of this.#nodes.values()) set.resetAll(reason);
	}

	snapshot(): readonly LaneSnapshot[] {
		return this.#nodes.size === 0
			? this.#watch.seeds.map((lane) => lane.snapshot())
			: [...this.#nodes.values()].flatMap(({set}) => set.snapshot());
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		this.#tried.close();
		await Promise.all([
			this.#watch.close(),
			...this.#draining,
			...[...this.#nodes.values()].map(({set}) => set.close()),
		]);
	}

	get #isReady(): boolean {
		return this.#isAnyReady && this.#tried.areAll;
	}

	get #isAnyReady(): boolean {
		return [...this.#nodes.values()].some(({set}) => set.isReady);
	}

	#checkReady(): void {
		if (this.#isReady) this.#readyWaiters.resolveAll();
		else if (this.#isAnyReady && !this.#isClosed) this.#tried.startTimeLimit();
	}

	#anyLane(): Lane {
		const {all} = this;
		const lane = all.find(({state}) => state === 'ready') ?? all[0];
		return lane ?? noLane;
	}

	#newLane(node: string, options: Pick<LaneOptions, 'onFailed'>): RedisLane {
		const redirect = redirecting({
			laneTo: (address, slot) => this.#nodes.get(address)?.set.laneOf(String(slot)),
			onMoved: (slot, address) => this.#move(slot, address),
			onOutdated: () => this.#watch.refresh(),
		});
		return this.#options.newLane({id: this.#nextId++, traffic: this.#traffic, node, redirect, ...options});
	}

	#apply(map: ClusterMap): void {
		if (this.#isClosed) return;
		for (const [address, {set}] of this.#nodes) {
			if (map.masters.includes(address)) continue;
			this.#nodes.delete(address);
			this.#tried.delete(address);
			this.#drain(set);
		}
		for (const address of map.masters) this.#nodes.set(address, this.#nodeFor(address, map));
		if (this.#owners.replace((slot) => this.#nodes.get(map.ownerOf(slot) ?? ''))) this.#changed();
		this.#checkReady();
	}

	/** The node at an address, with its slots and replicas from the map. A known node keeps its lanes. */
	#nodeFor(address: string, map: ClusterMap): Node {
		const set = this.#nodes.get(address)?.set ?? this.#open(address);
		return {
			address,
			set,
			slots: map.slotsOf(address),
			replicas: map.replicasOf.get(address) ?? [],
			get lanes() {
				return set.all;
			},
		};
	}

	#open(address: string): LaneSet {
		const {redactedUrl, drainMs} = this.#options;
		const onFailed = () => {
			this.#tried.add(address);
			this.#watch.refresh();
			this.#checkReady();
		};
		return new LaneSet({
			count: this.#count,
			redactedUrl,
			drainMs,
			newLane: () => this.#newLane(address, {onFailed}),
		});
	}

	/** Applies one MOVED redirection at once. The new map follows with the next request for it. */
	#move(slot: number, address: string): void {
		this.#watch.refresh();
		const node = this.#nodes.get(address);
		if (node !== undefined && this.#owners.move(slot, node)) this.#changed();
	}

	#changed(): void {
		this.#routing++;
		this.#options.onChange();
	}

	#drain(set: LaneSet): void {
		// The routing version is a sum over all nodes: it must not decrease when a node leaves.
		this.#routing += set.routing + 1;
		const closed = set.close();
		this.#draining.add(closed);
		void closed.then(() => this.#draining.delete(closed));
	}

	#notReady(timeoutMs: number): NotConnectedError {
		const lanes = [...this.#nodes.values()].flatMap(({set}) => set.lanes);
		const failed = lanes.find(({state, reason}) => state !== 'ready' && reason !== undefined);
		const cause = failed?.reason ?? this.#watch.problem;
		const why = cause?.message ?? 'still connecting';
		return new NotConnectedError(`Not connected to ${this.#options.redactedUrl} within ${timeoutMs} ms: ${why}`, {
			cause,
		});
	}
}
