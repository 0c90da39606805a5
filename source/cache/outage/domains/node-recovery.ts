import type {ModeChange} from '../../../metrics/snapshot.js';
import {DeadlineError} from '../../../pool/errors.js';
import type {PoolNode} from '../../../pool/types.js';
import {clearTimeout, setTimeout} from '../../../time/real-time.js';
import {toError} from '../../support/to-error.js';
import type {Availability} from '../availability.js';
import type {DomainReactions} from './domain-reactions.js';
import type {FailureDomain} from './failure-domain.js';
import {type ProbeParts, probeNode} from './probe-node.js';

export type NodeRecoveryParts = ProbeParts & {
	readonly availability: Availability;
	/** Milliseconds between probes of a node that is out of use. */
	readonly probeMs: number;
	readonly reactions: Pick<DomainReactions, 'recover' | 'onBack'>;
	/** False for a domain whose node has left the cluster. If the node returns it gets a new domain. */
	readonly isCurrent: (domain: FailureDomain) => boolean;
	/** Undefined if the node has left the cluster. */
	readonly nodeOf: (domain: FailureDomain) => PoolNode | undefined;
	/** True for a key of the node. */
	readonly has: (domain: FailureDomain, redisKey: string) => boolean;
	readonly enter: (domain: FailureDomain, mode: ModeChange['mode'], reason: string) => void;
};

/**
 * Brings nodes of a cluster back while others are in use: probes each node that is out of use repeatedly, and reconciles it.
 */
export class NodeRecovery {
	readonly #parts: NodeRecoveryParts;
	readonly #timers = new Map<FailureDomain, NodeJS.Timeout>();
	#isClosed = false;

	constructor(parts: NodeRecoveryParts) {
		this.#parts = parts;
	}

	/**
	 * Probes a node later, if it is out of use.
	 *
	 * @param delayMs Minimum delay. The pause after relapses may be longer, and does not end early when a connection is ready
	 * again.
	 */
	schedule(domain: FailureDomain, delayMs = this.#parts.probeMs): void {
		if (this.#isClosed || domain.isInUse || !this.#parts.isCurrent(domain)) return;
		clearTimeout(this.#timers.get(domain));
		const timer = setTimeout(
			() => {
				this.#timers.delete(domain);
				void this.#bringBack(domain);
			},
			Math.max(delayMs, domain.relapses.leftMs()),
		);
		timer.unref();
		this.#timers.set(domain, timer);
	}

	/** The node has left the cluster. */
	cancel(domain: FailureDomain): void {
		clearTimeout(this.#timers.get(domain));
		this.#timers.delete(domain);
	}

	close(): void {
		this.#isClosed = true;
		for (const timer of this.#timers.values()) clearTimeout(timer);
		this.#timers.clear();
	}

	/** Probes and reconciles one node. */
	async #bringBack(domain: FailureDomain): Promise<void> {
		const {availability, reactions, isCurrent, nodeOf, has, enter} = this.#parts;
		const node = nodeOf(domain);
		// While no node is in use, the mode controller probes all nodes.
		if (node === undefined || !availability.isConnected || domain.isInUse || domain.isProbing) return;
		domain.isProbing = true;
		try {
			const problem = await probeNode(this.#parts, node, domain);
			if (problem !== undefined) throw problem;
			if (!availability.isConnected || this.#isClosed || !isCurrent(domain)) return;
			if (domain.mode.mode === 'fallback') enter(domain, 'recovering', 'it answers');
			const onChecked = () => {
				domain.isChecked = true;
			};
			await reactions.recover(node, (redisKey) => has(domain, redisKey), onChecked);
			if (!availability.isConnected || this.#isClosed || !domain.isAnswering || !isCurrent(domain)) return;
			enter(domain, 'connected', 'reconciled');
			reactions.onBack();
		} catch (error) {
			domain.isAnswering = false;
			domain.problem = toError(error);
			if (domain.mode.mode === 'recovering') {
				if (error instanceof DeadlineError) domain.relapses.failed();
				enter(domain, 'fallback', domain.problem.message);
			}
		} finally {
			domain.isProbing = false;
			if (availability.isConnected) this.schedule(domain);
		}
	}
}
