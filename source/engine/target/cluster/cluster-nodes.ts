import type {Sender, SendScriptOptions} from '../../../inspect/sender.js';
import {CountingSender} from '../../../inspect/server/activity/own/counting-sender.js';
import {OwnTally} from '../../../inspect/server/activity/own/own-tally.js';
import {NodeSilentError} from '../../../inspect/server/info/node-silent-error.js';
import {createPool} from '../../../pool/create-pool.js';
import {DeadlineError, NotConnectedError, ServerError} from '../../../pool/errors.js';
import type {PoolOptions} from '../../../pool/pool-options.js';
import type {Argument, Pool} from '../../../pool/types.js';
import {formatDuration} from '../../../text/duration.js';
import {reasonOf} from '../diagnosis/probe.js';
import {loginOf} from '../login-of.js';

/** Milliseconds in which a node must connect. */
const connectMs = 2000;

/** Milliseconds after a missing answer for which commands do not wait for the node again. */
const missingMs = 5000;

type Node = {
	readonly pool: Pool;
	/** Its single lane, which counts its commands. */
	readonly sender: Sender;
	readonly own: OwnTally;
	/** Time at which it failed to answer, in milliseconds of the monotonic clock; undefined while it answers. */
	failedAt: number | undefined;
};

/** The connections to the nodes of a cluster, one to each node, with the state of each. */
export class ClusterNodes {
	readonly #open: (address: string) => Pool;
	readonly #nodes = new Map<string, Node>();

	/** @param open Opens a pool of one lane to a node. */
	constructor(open: (address: string) => Pool) {
		this.#open = open;
	}

	/** True for a node that has not answered recently. */
	isMissing(address: string): boolean {
		const failedAt = this.#nodes.get(address)?.failedAt;
		return failedAt !== undefined && performance.now() - failedAt < missingMs;
	}

	/** Counts of the commands that this program has sent to a node. */
	ownOf(address: string): OwnTally {
		return this.#nodeAt(address).own;
	}

	/**
	 * Sends a command to a node.
	 *
	 * @throws {ServerError} Its reply is an error.
	 * @throws {NodeSilentError} It does not answer.
	 */
	ask(address: string, command: string, args: readonly Argument[], options?: SendScriptOptions): Promise<unknown> {
		return this.#reach(address, ({sender}) => sender.send(command, args, options));
	}

	/** Like `ask`, for a key whose slot is being migrated to this node. */
	askImporting(address: string, command: string, args: readonly Argument[]): Promise<unknown> {
		return this.#reach(address, async ({sender}) => {
			// The server applies ASKING to the next command on the connection.
			const [, reply] = await Promise.all([sender.send('ASKING', []), sender.send(command, args)]);
			return reply;
		});
	}

	/** Closes the connections to all other nodes. */
	keepOnly(addresses: readonly string[]): void {
		for (const [address, {pool}] of this.#nodes) {
			if (addresses.includes(address)) continue;
			this.#nodes.delete(address);
			void pool.close();
		}
	}

	async close(): Promise<void> {
		await Promise.all([...this.#nodes.values()].map(({pool}) => pool.close()));
		this.#nodes.clear();
	}

	async #reach(address: string, send: (node: Node) => Promise<unknown>): Promise<unknown> {
		const node = this.#nodeAt(address);
		try {
			// The pool reconnects a lost node by itself.
			await node.pool.ready(node.failedAt === undefined ? connectMs : 0);
			const reply = await send(node);
			node.failedAt = undefined;
			return reply;
		} catch (error) {
			node.failedAt = error instanceof ServerError ? undefined : performance.now();
			throw error instanceof ServerError ? error : silence(address, error);
		}
	}

	#nodeAt(address: string): Node {
		const known = this.#nodes.get(address);
		if (known) return known;
		const pool = this.#open(address);
		const [lane] = pool.lanes;
		if (!lane) throw new Error('a pool has at least one lane');
		const own = new OwnTally();
		const node = {pool, sender: new CountingSender(lane, own), own, failedAt: undefined};
		this.#nodes.set(address, node);
		return node;
	}
}

function silence(address: string, cause: unknown): NodeSilentError {
	const reason =
		cause instanceof DeadlineError
			? `no answer within ${formatDuration(cause.deadlineMs)}`
			: reasonOf(innermost(cause));
	return new NodeSilentError(address, reason, !(cause instanceof NotConnectedError), {cause});
}

const innermost = (error: unknown): unknown =>
	error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;

/** The URL of one node, with the login of the cluster. @param address `10.0.0.7:6379`, `fe80::7:6379`. */
export function nodeUrl(clusterUrl: string, address: string): string {
	const scheme = clusterUrl.trim().toLowerCase().startsWith('rediss') ? 'rediss' : 'redis';
	const colon = address.lastIndexOf(':');
	const host = address.slice(0, colon);
	const shownHost = host.includes(':') ? `[${host}]` : host;
	return `${scheme}://${loginOf(clusterUrl)}${shownHost}:${address.slice(colon + 1)}`;
}

/** Returns a function that opens pools to single nodes, with the login and the options of the cluster. */
export const nodeOpener =
	(clusterUrl: string, options: PoolOptions): ((address: string) => Pool) =>
	(address) =>
		createPool({...options, url: nodeUrl(clusterUrl, address)});
