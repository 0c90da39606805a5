import {listOf, numberOf, type Sender, textOf} from '../../inspect/sender.js';
import type {ServerNode} from '../../inspect/server/info/read-node.js';
import {sumInfo} from '../../inspect/server/info/sum-info.js';
import {createPool} from '../../pool/create-pool.js';
import {NotConnectedError} from '../../pool/errors.js';
import type {Argument, Pool, PoolOptions, SendOptions} from '../../pool/types.js';
import {loginOf} from './login-of.js';

/** Milliseconds in which a node must connect. */
const connectMs = 2000;

/**
 * Makes a cluster look like one server. Commands with a key go to the node of that key. Commands about a whole server
 * go to every master: SCAN visits one after the other, the replies to DBSIZE and INFO are added up.
 */
export class ClusterInspector implements Sender {
	readonly isCluster = true;
	readonly #cluster: Sender;
	readonly #openNode: (address: string) => Pool;
	readonly #pools = new Map<string, Pool>();
	/** Addresses, in the order in which they are scanned. */
	#masters: readonly string[] = [];

	/**
	 * @param cluster A lane of a pool of the cluster.
	 * @param openNode Opens a pool to one node.
	 */
	constructor(cluster: Sender, openNode: (address: string) => Pool) {
		this.#cluster = cluster;
		this.#openNode = openNode;
	}

	async send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown> {
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
				return this.#cluster.send(command, args, options);
		}
	}

	/** The masters of now. */
	async nodes(): Promise<readonly ServerNode[]> {
		await this.#findMasters();
		return this.#masters.map((address) => ({
			address,
			sender: {send: (command, args, options) => this.#ask(address, command, args, options)},
		}));
	}

	async close(): Promise<void> {
		await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
		this.#pools.clear();
	}

	/**
	 * A cursor is the index of a master and that master's cursor: `2:1536`. `0` begins and ends a scan, as it does for
	 * Redis.
	 */
	async #scan([cursor = '0', ...rest]: readonly Argument[], options?: SendOptions): Promise<unknown> {
		const [first = '0', second] = String(cursor).split(':');
		if (second === undefined) await this.#findMasters();
		const index = second === undefined ? 0 : Number(first);
		const master = this.#masters[index];
		if (master === undefined) return ['0', []];
		const [next, keys] = listOf(await this.#ask(master, 'SCAN', [second ?? '0', ...rest], options));
		if (textOf(next) !== '0') return [`${index}:${textOf(next)}`, keys];
		return [index + 1 < this.#masters.length ? `${index + 1}:0` : '0', keys];
	}

	async #askAll(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown[]> {
		await this.#findMasters();
		return Promise.all(this.#masters.map((master) => this.#ask(master, command, args, options)));
	}

	async #ask(master: string, command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown> {
		let pool = this.#pools.get(master);
		if (!pool) {
			pool = this.#openNode(master);
			this.#pools.set(master, pool);
		}
		await pool.ready(connectMs);
		const [lane] = pool.lanes;
		if (!lane) throw new NotConnectedError(`no connection to the node ${master} of the cluster`);
		return lane.send(command, args, options);
	}

	/** Finds the masters of now, and closes the connections to former ones. */
	async #findMasters(): Promise<void> {
		const slots = listOf(await this.#cluster.send('CLUSTER', ['SLOTS']));
		const found = slots.map((range) => {
			const [host, port] = listOf(listOf(range)[2]);
			return `${textOf(host)}:${textOf(port)}`;
		});
		this.#masters = [...new Set(found)].sort();
		for (const [address, pool] of this.#pools) {
			if (this.#masters.includes(address)) continue;
			this.#pools.delete(address);
			void pool.close();
		}
	}
}

/** The URL of one node, with the login of the cluster. @param address `10.0.0.7:6379`, `fe80::7:6379`. */
export function nodeUrl(clusterUrl: string, address: string): string {
	const scheme = clusterUrl.trim().toLowerCase().startsWith('rediss') ? 'rediss' : 'redis';
	const colon = address.lastIndexOf(':');
	const host = address.slice(0, colon);
	const shownHost = host.includes(':') ? `[${host}]` : host;
	return `${scheme}://${loginOf(clusterUrl)}${shownHost}:${address.slice(colon + 1)}`;
}

/** Returns a function that opens pools to single nodes, with the login and the options of the cluster's pool. */
export const nodeOpener =
	(clusterUrl: string, options: PoolOptions): ((address: string) => Pool) =>
	(address) =>
		createPool({...options, url: nodeUrl(clusterUrl, address)});
