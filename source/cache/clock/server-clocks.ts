import type {Lane, Pool} from '../../pool/types.js';
import {localNow} from './local-now.js';
import {ServerClock} from './server-clock.js';

/** Called when the clock of a server was set. @param node Address of the node in a cluster. */
export type OnClockStep = (ms: number, node: string | undefined) => void;

/**
 * The clocks of all servers: one, or one for each node of a cluster. The times in an entry are from the clock of the node that
 * owned the key when it was written; the deadlines of scripts are in the time of the node that owns it now.
 */
export class ServerClocks {
	readonly #pool: Pick<Pool, 'nodeOf' | 'nodes'>;
	readonly #onStep: OnClockStep;
	readonly #clocks = new Map<string | undefined, ServerClock>();

	constructor(pool: Pick<Pool, 'nodeOf' | 'nodes'>, onStep: OnClockStep) {
		this.#pool = pool;
		this.#onStep = onStep;
	}

	/** The clock of the server that has the key. */
	of(redisKey: string): ServerClock {
		return this.at(this.#pool.nodeOf(redisKey)?.address);
	}

	ofLane({node}: Lane): ServerClock {
		return this.at(node);
	}

	/** @param node Address in a cluster; undefined elsewhere. */
	at(node: string | undefined): ServerClock {
		let clock = this.#clocks.get(node);
		if (clock === undefined) {
			clock = new ServerClock(localNow, (ms) => this.#onStep(ms, node));
			this.#clocks.set(node, clock);
			this.#forgetFormer();
		}
		return clock;
	}

	/**
	 * Server time, in µs, that is certainly not later than local time `at` on any node. For a command that may be redirected to
	 * another node.
	 */
	notAfter(at: number): number {
		const {nodes} = this.#pool;
		if (nodes.length === 0) return this.at(undefined).notAfter(at);
		return Math.min(...nodes.map(({address}) => this.at(address).notAfter(at)));
	}

	/**
	 * The latest time, in µs, that any entry of the key can contain at local time `at`. In a cluster this covers all nodes: an
	 * entry keeps its times when its slot moves.
	 */
	latestEver(redisKey: string, at: number): number {
		let latest = this.of(redisKey).latestEver(at);
		for (const clock of this.#clocks.values())
			if (clock.offsetMs !== undefined) latest = Math.max(latest, clock.latestEver(at));
		return latest;
	}

	/** Milliseconds between the clocks that are furthest apart; undefined unless at least two are known. */
	get spreadMs(): number | undefined {
		const offsets = this.#pool.nodes.flatMap(({address}) => this.#clocks.get(address)?.offsetMs ?? []);
		return offsets.length < 2 ? undefined : Math.max(...offsets) - Math.min(...offsets);
	}

	/** Removes the clocks of nodes that have left, so that the map does not grow with every new address. */
	#forgetFormer(): void {
		const {nodes} = this.#pool;
		if (this.#clocks.size <= 2 * nodes.length + 8) return;
		const current = new Set<string | undefined>(nodes.map(({address}) => address));
		for (const node of this.#clocks.keys()) if (node !== undefined && !current.has(node)) this.#clocks.delete(node);
	}
}
