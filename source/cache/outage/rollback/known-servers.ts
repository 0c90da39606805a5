import type {Lane, Pool} from '../../../pool/types.js';
import {keyOnNode} from '../../keys/key-on-node.js';

/** A server with its lanes: the single server, or a node of a cluster. */
export type CheckedServer = {
	/** Address of a node of a cluster; undefined for a single server. */
	readonly address: string | undefined;
	readonly lanes: readonly Lane[];
};

type KnownServer = {
	/** The data set of its lanes when they were last checked. */
	readonly dataSet: string;
	/** Redis key of the beat on this server. */
	readonly beatKey: string;
};

/** The data set and beats of the same server earlier, or of the server that it has replaced. */
export type Predecessor = {
	/** Undefined if the replaced server is not known. */
	readonly dataSet: string | undefined;
	/** Beat keys that the server now has. If it has the latest beat, it has every change before that. */
	readonly beatKeys: readonly string[];
};

/** The checked servers, each with its data set and its beat key. */
export class KnownServers {
	readonly #pool: Pick<Pool, 'topology' | 'nodes' | 'nodeOf'>;
	readonly #stem: string;
	readonly #known = new Map<string | undefined, KnownServer>();

	/** @param stem The beat key of a single server; the beginning of the beat keys of a cluster. */
	constructor(pool: Pick<Pool, 'topology' | 'nodes' | 'nodeOf'>, stem: string) {
		this.#pool = pool;
		this.#stem = stem;
	}

	get beatKeys(): readonly string[] {
		return [...this.#known.values()].map(({beatKey}) => beatKey);
	}

	/** The data set of the server when it was checked; undefined if it was not. */
	dataSetOf(address: string | undefined): string | undefined {
		return this.#known.get(address)?.dataSet;
	}

	/**
	 * The server whose data this one should have: itself earlier, or a former master. Undefined for the first servers, and for
	 * a node that was added, since its data was migrated to it.
	 */
	predecessorOf(address: string | undefined): Predecessor | undefined {
		const own = this.#known.get(address);
		const gone = [...this.#known].filter(([each]) => !this.#isPresent(each)).map(([, known]) => known);
		if (own === undefined && gone.length === 0) return undefined;
		const beatKeys = this.beatKeys.filter((beatKey) => this.#has(address, beatKey));
		const server = own ?? gone.find(({beatKey}) => this.#has(address, beatKey));
		return {dataSet: server?.dataSet, beatKeys};
	}

	/** Records a checked server, and removes those that it has replaced. */
	checked(address: string | undefined, dataSet: string): void {
		const [taken] = this.beatKeys.filter((beatKey) => this.#has(address, beatKey));
		const beatKey = this.#known.get(address)?.beatKey ?? taken ?? this.#newBeatKey(address);
		this.#known.set(address, {dataSet, beatKey});
		for (const [each, known] of this.#known)
			if (!this.#isPresent(each) && this.#known.has(this.#pool.nodeOf(known.beatKey)?.address))
				this.#known.delete(each);
	}

	/** The beat keys of the servers to which these names belong. */
	beatKeysFor(names: Iterable<string>): ReadonlySet<string> {
		if (this.#pool.topology !== 'cluster') return new Set([this.#stem]);
		const beatKeys = new Set<string>();
		for (const name of names) {
			// All servers are covered.
			if (beatKeys.size === this.#known.size) break;
			const beatKey = this.#beatKeyAt(this.#pool.nodeOf(name)?.address);
			if (beatKey !== undefined) beatKeys.add(beatKey);
		}
		return beatKeys;
	}

	/** Undefined for a node that has not been checked. */
	#beatKeyAt(address: string | undefined): string | undefined {
		const known = this.#known.get(address);
		if (known === undefined || this.#has(address, known.beatKey)) return known?.beatKey;
		// The slot of the old beat key has moved to another node.
		const beatKey = this.#newBeatKey(address);
		this.#known.set(address, {...known, beatKey});
		return beatKey;
	}

	#newBeatKey(address: string | undefined): string {
		return address === undefined ? this.#stem : (keyOnNode(this.#pool, `${this.#stem}:`, address) ?? this.#stem);
	}

	#has(address: string | undefined, key: string): boolean {
		return this.#pool.nodeOf(key)?.address === address;
	}

	#isPresent(address: string | undefined): boolean {
		return address === undefined || this.#pool.nodes.some((node) => node.address === address);
	}
}
