import type {Lane, Pool} from '../../../pool/types.js';
import {keyOnNode} from '../../keys/key-on-node.js';

/** A server with its lanes: the one that there is, or a node of a cluster. */
export type CheckedServer = {
	/** Of a node of a cluster; elsewhere undefined. */
	readonly address: string | undefined;
	readonly lanes: readonly Lane[];
};

type KnownServer = {
	/** The data set that its lanes led to when they were last checked. */
	readonly dataSet: string;
	/** Redis key of the beat on this server. */
	readonly beatKey: string;
};

/** The data set and the beats of a server, or of the one whose place it has taken. */
export type Predecessor = {
	/** Undefined: a server that has left, and it is not known which. */
	readonly dataSet: string | undefined;
	/** Keys of beats that the server has now. A server that has the latest beat has everything before it. */
	readonly beatKeys: readonly string[];
};

/** The servers that were checked, each with its data set and the key of its beat. */
export class KnownServers {
	readonly #pool: Pick<Pool, 'topology' | 'nodes' | 'nodeOf'>;
	readonly #stem: string;
	readonly #known = new Map<string | undefined, KnownServer>();

	/** @param stem The key of the beat, where there is one server. */
	constructor(pool: Pick<Pool, 'topology' | 'nodes' | 'nodeOf'>, stem: string) {
		this.#pool = pool;
		this.#stem = stem;
	}

	get beatKeys(): readonly string[] {
		return [...this.#known.values()].map(({beatKey}) => beatKey);
	}

	/** The data set that was checked; undefined: none was. */
	dataSetOf(address: string | undefined): string | undefined {
		return this.#known.get(address)?.dataSet;
	}

	/**
	 * The server whose data this one should have: itself, or one that is no master any more. Undefined for the first ones, and for
	 * a node that was added: what it has was brought to it.
	 */
	predecessorOf(address: string | undefined): Predecessor | undefined {
		const own = this.#known.get(address);
		const gone = [...this.#known].filter(([each]) => !this.#isPresent(each)).map(([, known]) => known);
		if (own === undefined && gone.length === 0) return undefined;
		const beatKeys = this.beatKeys.filter((beatKey) => this.#has(address, beatKey));
		const server = own ?? gone.find(({beatKey}) => this.#has(address, beatKey));
		return {dataSet: server?.dataSet, beatKeys};
	}

	/** A server was checked. Those whose place was taken are forgotten. */
	checked(address: string | undefined, dataSet: string): void {
		const [taken] = this.beatKeys.filter((beatKey) => this.#has(address, beatKey));
		const beatKey = this.#known.get(address)?.beatKey ?? taken ?? this.#newBeatKey(address);
		this.#known.set(address, {dataSet, beatKey});
		for (const [each, known] of this.#known)
			if (!this.#isPresent(each) && this.#known.has(this.#pool.nodeOf(known.beatKey)?.address))
				this.#known.delete(each);
	}

	/** Keys of the beats on the servers that have these names; of all, where there is one server. */
	beatKeysFor(names: Iterable<string>): ReadonlySet<string> {
		if (this.#pool.topology !== 'cluster') return new Set([this.#stem]);
		const beatKeys = new Set<string>();
		for (const name of names) {
			// No more can be found.
			if (beatKeys.size === this.#known.size) break;
			const beatKey = this.#beatKeyAt(this.#pool.nodeOf(name)?.address);
			if (beatKey !== undefined) beatKeys.add(beatKey);
		}
		return beatKeys;
	}

	/** Undefined for a node that was not checked yet. */
	#beatKeyAt(address: string | undefined): string | undefined {
		const known = this.#known.get(address);
		if (known === undefined || this.#has(address, known.beatKey)) return known?.beatKey;
		// Its slot has moved.
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
