import type {Socket} from 'node:net';
import type {Redis} from 'ioredis';
import type {ByteCounts, Connection, ConnectionHandlers} from './connection.js';
import {CLOSED_EARLY, describeFailure} from './describe-failure.js';
import {ConnectionLostError, type RedisCacheError} from './errors.js';
import {Outbox} from './outbox.js';
import type {PendingCommand} from './pending-command.js';
import {isReplyError, toServerError} from './reply-error.js';

type State = 'opening' | 'ready' | 'down';

const noBytes: ByteCounts = {read: 0, written: 0};

/** One socket to one Redis server, by an ioredis client that is used for nothing else. */
export class NodeConnection implements Connection {
	#state: State = 'opening';
	/** What ioredis last complained of: the reason why the connection goes down, if it does. */
	#complaint: Error | undefined;
	#watchdog: NodeJS.Timeout | undefined;
	#socket: Socket | undefined;
	readonly #outbox = new Outbox();

	/**
	 * @param client with `lazyConnect`, `retryStrategy: null`, no offline queue.
	 * @param connectMs for TCP, TLS and the handshake together.
	 */
	constructor(
		readonly client: Redis,
		readonly where: string,
		connectMs: number,
		readonly handlers: ConnectionHandlers,
	) {
		client.on('error', (error: Error) => this.#onError(error));
		client.once('connect', () => {
			this.#socket = client.stream;
			// Registered after ioredis's own listener, which rejects what is in flight.
			client.stream.once('close', () => this.#down(this.#reason()));
		});
		client.once('ready', () => this.#onReady());
		client.once('end', () => this.#down(this.#reason()));
		this.#watchdog = setTimeout(() => this.destroy(`no answer to the handshake within ${connectMs} ms`), connectMs);
		this.#watchdog.unref();
		client.connect().catch(() => {
			// Told by the events.
		});
	}

	write(command: PendingCommand): void {
		// ioredis only ever calls `write` of what it is given for a stream.
		this.client.sendCommand(command, this.#outbox as unknown as Socket);
	}

	/** Nothing leaves before `uncork` anyway. */
	cork(): void {}

	uncork(): void {
		if (this.#socket !== undefined) this.#outbox.flush(this.#socket);
	}

	bytes(): ByteCounts {
		const stream = this.client.stream as Socket | undefined;
		return stream === undefined ? noBytes : {read: stream.bytesRead, written: stream.bytesWritten};
	}

	dropUnresponsive(reason: string): void {
		this.destroy(reason);
	}

	destroy(reason: string): void {
		this.#down(this.#lost(reason));
	}

	#onReady(): void {
		if (this.#state !== 'opening') return;
		this.#state = 'ready';
		clearTimeout(this.#watchdog);
		this.#complaint = undefined;
		this.handlers.onReady();
	}

	#onError(error: Error): void {
		this.#complaint = error;
		// A handshake command that Redis refused: ioredis would go on without it, in database 0, say.
		if (this.#state === 'opening' && isReplyError(error)) this.#down(this.#reason());
	}

	#reason(): RedisCacheError {
		const complaint = this.#complaint;
		if (complaint !== undefined && isReplyError(complaint)) return toServerError(complaint);
		const phase = this.#state === 'opening' ? 'opening' : 'ready';
		if (complaint !== undefined) return this.#lost(describeFailure(complaint, phase), complaint);
		return this.#lost(phase === 'opening' ? CLOSED_EARLY : 'the other side closed it');
	}

	#lost(why: string, cause?: Error): ConnectionLostError {
		const what = this.#state === 'opening' ? `Cannot connect to ${this.where}` : `Connection to ${this.where} was lost`;
		return new ConnectionLostError(`${what}: ${why}`, {cause});
	}

	#down(reason: RedisCacheError): void {
		if (this.#state === 'down') return;
		this.#state = 'down';
		clearTimeout(this.#watchdog);
		(this.client.stream as Socket | undefined)?.destroy();
		// Also ends an attempt that has no socket yet.
		this.client.disconnect();
		this.handlers.onDown(reason);
	}
}
