import type {Socket} from 'node:net';
import type {Cluster, Redis} from 'ioredis';
import {clearTimeout, setTimeout} from '../../time/real-time.js';
import type {PendingCommand} from '../commands/pending-command.js';
import {isReplyError, toServerError} from '../commands/reply-error.js';
import {ConnectionLostError, type RedisCacheError} from '../errors.js';
import {LoopTimeout} from '../loop-clock.js';
import type {Login} from '../redis-url.js';
import type {ByteCounts, Connection, ConnectionHandlers} from './connection.js';
import type {CredentialSource, Reauthenticable} from './credentials.js';
import {describeFailure} from './describe-failure.js';

type State = 'opening' | 'ready' | 'down';

/** An ioredis cluster client: a socket to each node. It finds the node of a key, and follows `MOVED` and `ASK`. */
export class ClusterConnection implements Connection, Reauthenticable {
	#state: State = 'opening';
	/** The latest error that says something: the reason, if the connection goes down. */
	#lastError: Error | undefined;
	#openTimer: LoopTimeout | undefined;
	#corked: Socket[] = [];
	/** Bytes of nodes that have left the cluster. */
	#pastRead = 0;
	#pastWritten = 0;
	#login: Login | undefined;
	readonly #connectMs: number;

	/**
	 * @param client A new one, with `lazyConnect`, without an offline queue, and with a `clusterRetryStrategy` that gives
	 * up.
	 */
	constructor(
		readonly client: Cluster,
		readonly redactedUrl: string,
		{connectMs, credentials}: {readonly connectMs: number; readonly credentials?: CredentialSource | undefined},
		readonly handlers: ConnectionHandlers,
	) {
		this.#connectMs = connectMs;
		client.on('error', (error: Error) => this.#onError(error));
		client.on('node error', (error: Error) => this.#onError(error));
		client.on('-node', (node: Redis) => {
			this.#pastRead += socketOf(node)?.bytesRead ?? 0;
			this.#pastWritten += socketOf(node)?.bytesWritten ?? 0;
		});
		client.on('+node', (node: Redis) => {
			if (this.#login !== undefined) logIn(node, this.#login);
			if (this.#state === 'ready') connectMaster(node);
		});
		client.once('ready', () => void this.#connectNodes(connectMs));
		client.once('end', () => this.#goDown(this.#reason()));
		if (credentials === undefined) this.#connect();
		else void this.#logInAndConnect(credentials);
	}

	get login(): Login | undefined {
		return this.#login;
	}

	/** Every node that is connected; those that connect from now on have the new login from their options. */
	async authenticate(latest: () => Login): Promise<void> {
		const login = latest();
		const {username, password = ''} = login;
		this.#login = login;
		for (const node of this.client.nodes()) logIn(node, login);
		const ready = this.client.nodes().filter((node) => node.status === 'ready');
		await Promise.all(
			ready.map((node) => (username === undefined ? node.auth(password) : node.auth(username, password))),
		);
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

	get bytesRead(): number {
		let read = this.#pastRead;
		for (const node of this.client.nodes()) read += socketOf(node)?.bytesRead ?? 0;
		return read;
	}

	bytes(): ByteCounts {
		let written = this.#pastWritten;
		for (const node of this.client.nodes()) written += socketOf(node)?.bytesWritten ?? 0;
		return {read: this.bytesRead, written};
	}

	dropUnresponsive(): void {
		for (const node of this.client.nodes()) {
			if (node.status !== 'wait' && (node.status !== 'ready' || node.commandQueue.length > 0))
				socketOf(node)?.destroy();
		}
	}

	destroy(reason: string): void {
		this.#goDown(this.#connectionError(reason));
	}

	async #logInAndConnect(credentials: CredentialSource): Promise<void> {
		try {
			this.#login = await credentials.get();
		} catch (error) {
			this.#goDown(this.#connectionError((error as Error).message, error as Error));
			return;
		}
		if (this.#state !== 'opening') return;
		this.#connect();
	}

	#connect(): void {
		const ms = this.#connectMs;
		this.#openTimer = new LoopTimeout(() => this.destroy(`the cluster did not answer within ${ms} ms`), ms).unref();
		this.client.connect().catch(() => {
			// The events report it.
		});
	}

	/**
	 * ioredis calls a cluster ready once it knows the slots, and refuses commands for nodes that are still connecting.
	 */
	async #connectNodes(connectMs: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const timeout = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, connectMs).unref();
		});
		// Nodes that are down must not keep the others from being used.
		await Promise.race([timeout, Promise.all(this.client.nodes('master').map(connectMaster))]);
		clearTimeout(timer);
		this.#onReady();
	}

	#onReady(): void {
		if (this.#state !== 'opening') return;
		this.#state = 'ready';
		this.#openTimer?.clear();
		this.#lastError = undefined;
		this.handlers.onReady();
	}

	#onError(error: Error): void {
		// "None of the nodes is available" says less than the error of a node before it.
		if (this.#lastError === undefined || isReplyError(error) || error.name !== 'ClusterAllFailedError')
			this.#lastError = error;
	}

	#reason(): RedisCacheError {
		const error = this.#lastError;
		if (error === undefined) return this.#connectionError('every node closed its connection');
		if (isReplyError(error)) return toServerError(error);
		return this.#connectionError(describeFailure(error, this.#state === 'opening' ? 'opening' : 'ready'), error);
	}

	#connectionError(why: string, cause?: Error): ConnectionLostError {
		const what =
			this.#state === 'opening'
				? `Cannot connect to ${this.redactedUrl}`
				: `Connections to ${this.redactedUrl} were lost`;
		return new ConnectionLostError(`${what}: ${why}`, {cause});
	}

	#goDown(reason: RedisCacheError): void {
		if (this.#state === 'down') return;
		this.#state = 'down';
		this.#openTimer?.clear();
		// Sockets first: `disconnect` would end them gracefully, and forget the nodes.
		for (const node of this.client.nodes()) socketOf(node)?.destroy();
		this.client.disconnect();
		this.handlers.onDown(reason);
	}
}

/** Sets the credentials that the node uses from its next connection on. */
const logIn = (node: Redis, {username, password}: Login): void => {
	Object.assign(node.options, {username, password});
};

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
				// `end` reports it.
			});
		}
	});
