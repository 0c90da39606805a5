import {setTimeout} from 'node:timers/promises';
import {listOf, numberOf, type Sender, type SendScriptOptions, textOf} from '../../../inspect/sender.js';
import {NodeSilentError} from '../../../inspect/server/info/node-silent-error.js';
import type {ServerNode} from '../../../inspect/server/info/read-node.js';
import {sumInfo} from '../../../inspect/server/info/sum-info.js';
import {type ClusterMap, parseClusterSlots} from '../../../pool/cluster/cluster-map.js';
import {commandSlot} from '../../../pool/cluster-slot.js';
import {NotConnectedError, ServerError} from '../../../pool/errors.js';
import type {Argument} from '../../../pool/types.js';
import type {FoundNode} from '../nodes/node-list.js';
import type {ClusterNodes} from './cluster-nodes.js';
import {lostNodes} from './lost-nodes.js';

/** Milliseconds between attempts to reach a node at the start. */
const retryMs = 50;

/** Milliseconds for which the known masters are used before they are read again. */
const mapMs = 5000;

/**
 * Makes a cluster look like one server. Commands with a key go to the node of that key. Commands about a whole server go to
 * every master: SCAN visits one after the other; the replies to DBSIZE and INFO are summed.
 *
 * A master that does not answer is left out and listed in `missingNodes`, so that a cluster with a lost node can still
 * be inspected. For the same reason nothing here waits for the cluster to be complete, as a client would.
 */
export class ClusterInspector implements Sender {
	readonly isCluster = true;
	readonly #nodes: ClusterNodes;
	/** Addresses of nodes, from the URL. */
	readonly #seeds: readonly string[];
	#map: ClusterMap | undefined;
	#readAt = 0;
	#reading: Promise<ClusterMap> | undefined;
	/** Masters that answer, but refuse scans while they load their data. */
	readonly #loading = new Set<string>();

	constructor(nodes: ClusterNodes, seeds: readonly string[]) {
		this.#nodes = nodes;
		this.#seeds = seeds;
	}

	get missingNodes(): readonly string[] {
		return (this.#map?.masters ?? []).filter((master) => this.#nodes.isMissing(master) || this.#loading.has(master));
	}

	async send(command: string, args: readonly Argument[], options?: SendScriptOptions): Promise<unknown> {
		switch (command.toUpperCase()) {
			case 'SCAN':
				return this.#scan(args, options);
			case 'DBSIZE': {
				const sizes = await this.#askAll('DBSIZE', [], options);
				return sizes.reduce<number>((sum, size) => sum + (numberOf(size) ?? 0), 0);
			}
			case 'INFO':
				return sumInfo((await this.#askAll('INFO', args, options)).map(textOf));
			default:
				return this.#route(command, args, options);
		}
	}

	/** The current masters, including those that do not answer. */
	async nodes(): Promise<readonly ServerNode[]> {
		const {masters} = await this.#readMap();
		return masters.map((address) => ({
			address,
			sender: {send: (command, args, options) => this.#nodes.ask(address, command, args, options)},
			own: this.#nodes.ownOf(address),
		}));
	}

	/** All current nodes, including replicas and lost nodes. */
	async allNodes(): Promise<readonly FoundNode[]> {
		const map = await this.#readMap();
		const found = map.masters.flatMap((master): FoundNode[] => [
			{
				address: master,
				role: 'master',
				master: undefined,
				slots: map.slotsOf(master),
				isLost: this.#nodes.isMissing(master),
			},
			...(map.replicasOf.get(master) ?? []).map(
				(address): FoundNode => ({address, role: 'replica', master, slots: undefined}),
			),
		]);
		// Lost nodes are not listed if the user lacks the right to this command.
		const reply = await this.#askOne(map.masters, 'CLUSTER', ['NODES']).catch(() => '');
		const known = new Set(found.map(({address}) => address));
		const lost = lostNodes(textOf(reply), (address) => known.has(address));
		const lostAddresses = new Set(lost.map(({address}) => address));
		return [
			...found.map((node) => (lostAddresses.has(node.address) ? {...node, isLost: true} : node)),
			...lost.filter(({address}) => !known.has(address)),
		];
	}

	/** Resolves when a node answers. Rejects after the timeout, or at once if a node refuses CLUSTER SLOTS. */
	async ready(timeoutMs: number): Promise<void> {
		const until = performance.now() + timeoutMs;
		for (;;) {
			try {
				await this.#readMap();
				return;
			} catch (error) {
				if (error instanceof ServerError || performance.now() >= until) throw error;
				await setTimeout(retryMs);
			}
		}
	}

	close(): Promise<void> {
		return this.#nodes.close();
	}

	/**
	 * A cursor is the address of a master and that master's cursor, after the signature of the map with which the scan has
	 * begun: `1f0c2a9b@10.0.0.7:6379/1536`. `0` begins and ends a scan, as it does for Redis. Masters are visited in the order
	 * of their addresses, so that none is left out or gets the cursor of another one when one of them is replaced meanwhile.
	 *
	 * A scan begins again if the map has changed at its end: it would miss keys that a failover or a migration of slots has
	 * moved to a master that was already visited. As with Redis, keys may occur twice.
	 */
	async #scan([cursor = '0', ...rest]: readonly Argument[], options?: SendScriptOptions): Promise<unknown> {
		const [, begunWith, address = '', mastersCursor = '0'] = /^(\w+)@(.*)\/(\d+)$/.exec(String(cursor)) ?? [];
		const map = begunWith === undefined ? await this.#readMap() : await this.#knownMap();
		const {masters} = map;
		const signature = begunWith ?? map.signature;
		const index = masters.findIndex((each) => each >= address);
		const master = masters[index];
		if (master === undefined) return [await this.#afterLast(signature), []];
		const following = masters[index + 1];
		const nextMaster = async () =>
			following === undefined ? await this.#afterLast(signature) : `${signature}@${following}/0`;
		// The cursor of a former master is meaningless to its successor.
		const position = master === address ? mastersCursor : '0';
		if (this.#nodes.isMissing(master)) return [await nextMaster(), []];
		try {
			const [next, keys] = listOf(await this.#nodes.ask(master, 'SCAN', [position, ...rest], options));
			this.#loading.delete(master);
			const at = textOf(next);
			return [at === '0' ? await nextMaster() : `${signature}@${master}/${at}`, keys];
		} catch (error) {
			const isLoading = error instanceof ServerError && error.prefix === 'LOADING';
			if (isLoading) this.#loading.add(master);
			else if (error instanceof ServerError) throw error;
			return [await nextMaster(), []];
		}
	}

	/** The next cursor of a scan that has visited all masters: none, or the first master if the map has changed. */
	async #afterLast(begunWith: string): Promise<string> {
		const {masters, signature} = await this.#readMap();
		return signature === begunWith || masters.length === 0 ? '0' : `${signature}@${masters[0]}/0`;
	}

	/** The replies of the masters that answer. */
	async #askAll(command: string, args: readonly Argument[], options?: SendScriptOptions): Promise<unknown[]> {
		const {masters} = await this.#readMap();
		const outcomes = await Promise.allSettled(masters.map((master) => this.#nodes.ask(master, command, args, options)));
		const replies = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
		const failed = outcomes.find((outcome) => outcome.status === 'rejected');
		if (replies.length === 0 && failed) throw failed.reason;
		return replies;
	}

	async #route(command: string, args: readonly Argument[], options?: SendScriptOptions): Promise<unknown> {
		const slot = commandSlot(command, args);
		const map = await this.#knownMap();
		const owner = slot === undefined ? undefined : map.ownerOf(slot);
		if (owner === undefined) return this.#askOne(map.masters, command, args, options);
		try {
			return await this.#nodes.ask(owner, command, args, options);
		} catch (error) {
			// Another node may have its slots by now.
			if (!(error instanceof ServerError) || error.prefix === 'MOVED') this.#readAt = Number.NEGATIVE_INFINITY;
			const [, word, host, port] =
				/^(MOVED|ASK) \d+ (.*):(\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
			if (word === undefined) throw error;
			const address = `${host || owner.slice(0, owner.lastIndexOf(':'))}:${port}`;
			return word === 'ASK'
				? this.#nodes.askImporting(address, command, args)
				: this.#nodes.ask(address, command, args, options);
		}
	}

	/** Asks any node. Another one is asked only if the command was not sent. */
	async #askOne(
		addresses: readonly string[],
		command: string,
		args: readonly Argument[],
		options?: SendScriptOptions,
	): Promise<unknown> {
		let failure: unknown = new NotConnectedError('the cluster has no master: its slots are not assigned');
		for (const address of this.#bestFirst(addresses)) {
			try {
				return await this.#nodes.ask(address, command, args, options);
			} catch (error) {
				if (!(error instanceof NodeSilentError) || error.wasSent) throw error;
				failure = error;
			}
		}
		throw failure;
	}

	#bestFirst(addresses: readonly string[]): readonly string[] {
		return [...addresses].sort((a, b) => Number(this.#nodes.isMissing(a)) - Number(this.#nodes.isMissing(b)));
	}

	async #knownMap(): Promise<ClusterMap> {
		return this.#map && performance.now() - this.#readAt < mapMs ? this.#map : this.#readMap();
	}

	/** Finds the current masters, and closes the connections to former ones. */
	#readMap(): Promise<ClusterMap> {
		this.#reading ??= this.#askForMap().finally(() => {
			this.#reading = undefined;
		});
		return this.#reading;
	}

	async #askForMap(): Promise<ClusterMap> {
		const known = (this.#map?.masters ?? []).filter((master) => !this.#nodes.isMissing(master));
		// Two, so that a node which has just been lost does not delay the answer.
		const asked = known.slice(0, 2).map((master) => this.#mapOf(master));
		const map = await Promise.any(asked).catch(() => this.#anyMap());
		this.#nodes.keepOnly(map.masters);
		this.#map = map;
		this.#readAt = performance.now();
		return map;
	}

	/** Asks all known nodes at once, so that one which is down does not delay the start. */
	async #anyMap(): Promise<ClusterMap> {
		const addresses = new Set([...(this.#map?.masters ?? []), ...this.#seeds]);
		const maps = [...addresses].map((address) => this.#mapOf(address));
		try {
			return await Promise.any(maps);
		} catch (error) {
			if (!(error instanceof AggregateError)) throw error;
			// An error reply is more informative than a timeout.
			throw error.errors.find((each) => each instanceof ServerError) ?? error.errors[0];
		}
	}

	async #mapOf(address: string): Promise<ClusterMap> {
		return parseClusterSlots(await this.#nodes.ask(address, 'CLUSTER', ['SLOTS']), address);
	}
}
