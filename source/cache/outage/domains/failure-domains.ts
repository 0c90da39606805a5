import type {ModeChange} from '../../../metrics/snapshot.js';
import {slotCount} from '../../../pool/cluster/cluster-map.js';
import type {Lane, LaneEvent, Pool, PoolNode} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import {sampleClock} from '../../clock/sample-clock.js';
import type {ServerClocks} from '../../clock/server-clocks.js';
import type {BreakerLimits} from '../../options/settings.js';
import type {Availability} from '../availability.js';
import {AnsweringServers} from './answering-servers.js';
import type {DomainReactions, NodeInUse} from './domain-reactions.js';
import {FailureDomain} from './failure-domain.js';
import {NodeRecovery} from './node-recovery.js';

export type FailureDomainsParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly availability: Availability;
	/** False for a lane that may lead to another Redis. */
	readonly mayRead: (lane: Lane) => boolean;
	readonly limits: BreakerLimits;
	readonly deadlineMs: number;
	/** Milliseconds between probes of a node that is out of use. */
	readonly probeMs: number;
	/** Prefix of all keys of the cache. */
	readonly prefix: string;
	readonly reactions: DomainReactions;
};

/** Milliseconds in use below which the loss of a node, for any reason, counts as a relapse: its pause gets longer each time. */
const soonMs = 1000;

/**
 * The nodes of a cluster as failure domains: each goes out of use and comes back independently. Meanwhile only its keys are
 * answered as in an outage. Without a cluster there are no domains, only the mode of the cache.
 */
export class FailureDomains {
	readonly #parts: FailureDomainsParts;
	readonly answering: AnsweringServers;
	readonly #domains = new Map<string, FailureDomain>();
	readonly #recovery: NodeRecovery;
	readonly #removeListeners: (() => void)[] = [];
	/** Number of slots that have a node. */
	#slots = 0;

	constructor(parts: FailureDomainsParts) {
		this.#parts = parts;
		const {pool} = parts;
		this.answering = new AnsweringServers(parts, this.#domains);
		this.#recovery = new NodeRecovery({
			...parts,
			isCurrent: (domain) => this.#isCurrent(domain),
			nodeOf: (domain) => this.#nodeOf(domain),
			has: (domain, redisKey) => this.of(redisKey) === domain,
			enter: (domain, mode, reason) => this.#enter(domain, mode, reason),
		});
		if (pool.topology !== 'cluster') return;
		this.#removeListeners.push(
			pool.onNodes(() => this.#follow()),
			pool.onLane((event) => this.#onLane(event)),
		);
		this.#update();
	}

	/** The domain of a key; undefined without a cluster, or if no node has its slot. */
	of(redisKey: string): FailureDomain | undefined {
		const node = this.#parts.pool.nodeOf(redisKey);
		return node && this.#domains.get(node.address);
	}

	ofLane({node}: Lane): FailureDomain | undefined {
		return node === undefined ? undefined : this.#domains.get(node);
	}

	/** The nodes that are in use, each with its lanes. */
	get usedNodes(): readonly PoolNode[] {
		return this.#parts.pool.nodes.filter(({address}) => this.#domains.get(address)?.isInUse === true);
	}

	/**
	 * Probes all nodes, before the cluster is used for the first time or again. @throws the errors of `AnsweringServers.probe`.
	 */
	async probeAll(): Promise<void> {
		const {pool, deadlineMs} = this.#parts;
		await pool.ready(deadlineMs);
		this.#follow();
		await this.answering.probe();
	}

	/**
	 * True if a change of this key can be reconciled now. Not before its node was checked for lost changes: an invalidation that is
	 * repeated increments the counter of its namespace, and hides that the node has an older one than its predecessor had.
	 */
	mayReconcile(redisKey: string): boolean {
		if (this.#parts.pool.topology !== 'cluster') return true;
		const domain = this.of(redisKey);
		return domain?.isAnswering === true && domain.isChecked;
	}

	snapshot(): readonly NodeInUse[] {
		return this.#parts.pool.nodes.flatMap((node) => {
			const domain = this.#domains.get(node.address);
			return domain === undefined ? [] : [this.#snapshotOf(node, domain)];
		});
	}

	/** The cluster is in use: puts every node into use that answers and was checked. */
	connected(): void {
		for (const domain of this.#domains.values()) {
			// The reply to an earlier probe may have come too late for the check.
			if (domain.isAnswering && domain.isChecked) this.#enter(domain, 'connected', 'connected');
			else {
				if (domain.mode.mode !== 'fallback')
					this.#enter(domain, 'fallback', domain.problem?.message ?? 'not connected');
				this.#recovery.schedule(domain);
			}
		}
	}

	/** The cluster is out of use: takes all nodes out of use. */
	disconnected(reason: string): void {
		for (const domain of this.#domains.values()) {
			domain.isAnswering = false;
			if (domain.isInUse) this.#enter(domain, 'fallback', reason);
		}
	}

	/**
	 * Takes a node out of use, if it is in use.
	 *
	 * @param isSilent True if it has missed deadlines.
	 */
	lose(domain: FailureDomain, reason: string, isSilent = false): void {
		domain.isAnswering = false;
		if (!domain.isInUse) return;
		domain.relapses.lost(isSilent, soonMs);
		const {availability, reactions} = this.#parts;
		const isLast = this.usedNodes.every(({address}) => address === domain.address);
		this.#enter(domain, 'fallback', reason);
		if (isLast && availability.isConnected) {
			reactions.onAllLost(`no node is left: ${reason}`, isSilent);
			return;
		}
		reactions.onLost((redisKey) => this.of(redisKey) === domain);
		this.#recovery.schedule(domain);
	}

	/** Like `lose`, for the node at an address. */
	loseAt(address: string, reason: string): void {
		const domain = this.#domains.get(address);
		if (domain !== undefined) this.lose(domain, reason);
	}

	tick(): void {
		for (const {breaker} of this.#domains.values()) breaker.tick();
	}

	close(): void {
		for (const remove of this.#removeListeners) remove();
		this.#recovery.close();
	}

	/** Updates the domains to the current nodes. A new node must be reconciled before it is used, as after an outage. */
	#follow(): void {
		const {pool, limits, deadlineMs, probeMs, availability, reactions} = this.#parts;
		const addresses = new Set(pool.nodes.map(({address}) => address));
		for (const [address, domain] of this.#domains) {
			if (addresses.has(address)) continue;
			this.#domains.delete(address);
			if (domain.isInUse) availability.leftUseAt = localNow();
			this.#recovery.cancel(domain);
		}
		for (const address of addresses) {
			if (this.#domains.has(address)) continue;
			const domain = new FailureDomain(address, limits, {deadlineMs, probeMs});
			this.#domains.set(address, domain);
			this.#recovery.schedule(domain);
		}
		this.#update();
		// Dirty keys whose node was lost may now belong to a node in use.
		if (availability.isConnected) reactions.onMoved();
	}

	#onLane({type, lane, ...event}: LaneEvent): void {
		const domain = lane.node === undefined ? undefined : this.#domains.get(lane.node);
		if (domain === undefined || type === 'closed') return;
		if (type === 'ready') {
			if (domain.isInUse) void sampleClock(this.#parts.clocks, lane).catch(() => {});
			else this.#recovery.schedule(domain, 0);
			return;
		}
		const node = this.#nodeOf(domain);
		if (node?.lanes.some((each) => each.state === 'ready' && this.#parts.mayRead(each)) !== true)
			this.lose(domain, `connection lost: ${'reason' in event ? event.reason : ''}`);
	}

	/** False for a domain whose node has left the cluster. If the node returns it gets a new domain. */
	#isCurrent(domain: FailureDomain): boolean {
		return this.#domains.get(domain.address) === domain;
	}

	#nodeOf({address}: FailureDomain): PoolNode | undefined {
		return this.#parts.pool.nodes.find((node) => node.address === address);
	}

	#enter(domain: FailureDomain, mode: ModeChange['mode'], reason: string): void {
		const {mode: previous} = domain;
		if (domain.isInUse && mode !== 'connected') this.#parts.availability.leftUseAt = localNow();
		domain.enter(mode, reason);
		if (mode === 'connected') {
			domain.breaker.reset();
			domain.areWritesRefused = false;
		}
		this.#update();
		const node = this.#nodeOf(domain);
		if (node !== undefined && previous.mode !== mode)
			this.#parts.reactions.onMode(this.#snapshotOf(node, domain), previous);
	}

	/** While all nodes are in use, calls need not look up the node of their key. */
	#update(): void {
		const {availability} = this.#parts;
		const domains = [...this.#domains.values()];
		const slots = this.#parts.pool.nodes.reduce((sum, node) => sum + node.slots, 0);
		// A slot without a node counts as lost: Redis would refuse commands for its keys.
		const areAllInUse = domains.every(({isInUse}) => isInUse) && (domains.length === 0 || slots === slotCount);
		if (slots < this.#slots) availability.leftUseAt = localNow();
		this.#slots = slots;
		availability.isLost = areAllInUse ? undefined : (redisKey) => this.of(redisKey)?.isInUse !== true;
		availability.inUseSince =
			domains.length === 0 ? undefined : (redisKey) => this.of(redisKey)?.inUseSince ?? Number.POSITIVE_INFINITY;
		availability.nodes =
			domains.length === 0 ? undefined : {inUse: domains.filter(({isInUse}) => isInUse).length, total: domains.length};
	}

	#snapshotOf(node: PoolNode, {mode}: FailureDomain): NodeInUse {
		const {address, slots, replicas} = node;
		return {address, mode, slots, replicas, clockOffsetMs: this.#parts.clocks.at(address).offsetMs};
	}
}
