import type {Endpoint} from '../pool-options.js';

/** The master that a sentinel names. */
export type MasterView = {
	/** The address that the sentinel announces. */
	readonly address: string;
	/** Grows with each failover. */
	readonly epoch: number;
};

type HeldView = MasterView & {
	/** True while the subscription to the sentinel has not been interrupted since. */
	readonly isCurrent: boolean;
};

/**
 * The master of a Sentinel set-up, as far as its sentinels agree on it.
 *
 * For some seconds after a failover, and as long as a network partition lasts, a sentinel may still name the old master, which
 * still reports the role of a master. The epoch tells which of two sentinels is behind.
 */
export class KnownMasters {
	readonly #sentinels: readonly Endpoint[];
	readonly #views = new Map<Endpoint, HeldView>();
	/** Epoch of the last failover; `undefined` if no sentinel has given one. */
	#epoch: number | undefined;

	constructor(sentinels: readonly Endpoint[]) {
		this.#sentinels = sentinels;
	}

	/** False if the address is known to be that of an old master. Sentinels may announce one master in several ways. */
	isMaster(address: string | undefined): boolean {
		if (this.#epoch === undefined || address === undefined) return true;
		return [...this.#views.values()].some((view) => view.epoch === this.#epoch && view.address === address);
	}

	/** All sentinels, in the order in which to ask for the master: those that are known to be behind come last. */
	get inOrder(): readonly Endpoint[] {
		const rankOf = (sentinel: Endpoint) => {
			const {epoch = this.#epoch, isCurrent = false} = this.#views.get(sentinel) ?? {};
			if (epoch !== this.#epoch) return 2;
			return isCurrent ? 0 : 1;
		};
		return [...this.#sentinels].sort((left, right) => rankOf(left) - rankOf(right));
	}

	learn(sentinel: Endpoint, view: MasterView): void {
		this.#views.set(sentinel, {...view, isCurrent: true});
		if (this.#epoch === undefined || view.epoch > this.#epoch) this.#epoch = view.epoch;
		else if (view.epoch < this.#epoch) this.#reconsider();
	}

	/** The subscription to the sentinel was lost. Its last answer still counts. */
	lost(sentinel: Endpoint): void {
		const view = this.#views.get(sentinel);
		if (view !== undefined) this.#views.set(sentinel, {...view, isCurrent: false});
	}

	/**
	 * Returns to an earlier epoch if a majority of the sentinels is watched, and none of those knows a later one: the sentinel that
	 * made the failover was lost before it told the others, or all were set up anew.
	 */
	#reconsider(): void {
		const current = [...this.#views.values()].filter(({isCurrent}) => isCurrent);
		const latest = Math.max(...current.map(({epoch}) => epoch));
		if (latest !== this.#epoch && current.length * 2 > this.#sentinels.length) this.#epoch = latest;
	}
}
