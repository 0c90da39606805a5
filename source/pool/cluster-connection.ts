import type {Socket} from 'node:net';
import type {Cluster, Redis} from 'ioredis';
import type {ByteCounts, Connection, ConnectionHandlers} from './connection.js';
import {describeFailure} from './describe-failure.js';
import {ConnectionLostError, type RedisCacheError} from './errors.js';
import type {PendingCommand} from './pending-command.js';
import {isReplyError, toServerError} from './reply-error.js';

type State = 'opening' | 'ready' | 'down';

const socketOf = (node: Redis): Socket | undefined => node.stream as Socket | undefined;

/** Resolves once the node is connected, or has failed to. */
const connectMaster = (node: Redis): Promise<void> =>
	new Promise((resolve) => {
		if (node.status === 'ready' || node.options.readOnly === true) {
			resolve();
			return;
		}
		node.once('ready', resolve);
		node.once('end', resolve);
		if (node.status === 'wait') {
			node.connect().catch(() => {
				// Told by `end`.
			});
		}
	});

/** One ioredis cluster client, that is a socket to each node; it finds the node of a key and follows `MOVED` and `ASK`. */
export class ClusterConnection implements Connection {
	#state: State = 'opening';
	#complaint: Error | undefined;
	#watchdog: NodeJS.Timeout | undefined;
	#corked: Socket[] = [];
	/** Of nodes that have left. */
	#pastRead = 0;
	#pastWritten = 0;

	/** @param client with `lazyConnect`, `clusterRetryStrategy` that gives up, no offline queue. */
	constructor(
		readonly client: Cluster,
		readonly where: string,
		connectMs: number,
		readonly handlers: ConnectionHandlers,
	) {
		client.on('error', (error: Error) => this.#onError(error));
		client.on('node error', (error: Error) => this.#onError(error));
		client.on('-node', (node: Redis) => {
			this.#pastRead += socketOf(node)?.bytesRead ?? 0;
			this.#pastWritten += socketOf(node)?.bytesWritten ?? 0;
		});
		client.on('+node', (node: Redis) => {
			if (this.#state === 'ready') connectMaster(node);
		});
		client.once('ready', () => void this.#connectNodes(connectMs));
		client.once('end', () => this.#down(this.#reason()));
		this.#watchdog = setTimeout(() => this.destroy(`the cluster did not answer within ${connectMs} ms`), connectMs);
		this.#watchdog.unref();
		client.connect().catch(() => {
			// Told by the events.
		});
	}

	write(command: PendingCommand): void {
		this.client.sendCommand(command);
	}

	cork(): void {
		for (const node of this.client.nodes()) {
			const socket = node.status === 'ready' ? socketOf(node) : undefined;
			if (socket === undefined) continue;
			socket.cork();
			this.#corked.push(socket);
		}
	}

	uncork(): void {
		for (const socket of this.#corked) socket.uncork();
		this.#corked = [];
	}

	bytes(): ByteCounts {
		let read = this.#pastRead;
		let written = this.#pastWritten;
		for (const node of this.client.nodes()) {
			read += socketOf(node)?.bytesRead ?? 0;
			written += socketOf(node)?.bytesWritten ?? 0;
		}
		return {read, written};
	}

	dropUnresponsive(): void {
		for (const node of this.client.nodes()) {
			if (node.status !== 'wait' && (node.status !== 'ready' || node.commandQueue.length > 0))
				socketOf(node)?.destroy();
		}
	}

	destroy(reason: string): void {
		this.#down(this.#lost(reason));
	}

	/** The cluster client is "ready" once it knows the slots, and refuses commands for nodes that are still connecting. */
	async #connectNodes(connectMs: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, connectMs).unref();
		});
		// Those nodes that are down must not keep the others from being used.
		await Promise.race([patience, Promise.all(this.client.nodes('master').map(connectMaster))]);
		clearTimeout(timer);
		this.#onReady();
	}

	#onReady(): void {
		if (this.#state !== 'opening') return;
		this.#state = 'ready';
		clearTimeout(this.#watchdog);
		this.#complaint = undefined;
		this.handlers.onReady();
	}

	#onError(error: Error): void {
		// "None of the nodes is available" says less than what a node had said before.
		if (this.#complaint === undefined || isReplyError(error) || error.name !== 'ClusterAllFailedError')
			this.#complaint = error;
	}

	#reason(): RedisCacheError {
		const complaint = this.#complaint;
		if (complaint === undefined) return this.#lost('every node closed its connection');
		if (isReplyError(complaint)) return toServerError(complaint);
		return this.#lost(describeFailure(complaint, this.#state === 'opening' ? 'opening' : 'ready'), complaint);
	}

	#lost(why: string, cause?: Error): ConnectionLostError {
		const what =
			this.#state === 'opening' ? `Cannot connect to ${this.where}` : `Connections to ${this.where} were lost`;
		return new ConnectionLostError(`${what}: ${why}`, {cause});
	}

	#down(reason: RedisCacheError): void {
		if (this.#state === 'down') return;
		this.#state = 'down';
		clearTimeout(this.#watchdog);
		// First the sockets: ioredis would only end them, and forget its nodes.
		for (const node of this.client.nodes()) socketOf(node)?.destroy();
		this.client.disconnect();
		this.handlers.onDown(reason);
	}
}
