import {isIP, type Socket} from 'node:net';
import {Command, type Redis} from 'ioredis';
import {monotonicNow} from '../../time/real-time.js';
import type {PendingCommand} from '../commands/pending-command.js';
import {isReplyError, toServerError} from '../commands/reply-error.js';
import {ConnectionLostError, type RedisCacheError} from '../errors.js';
import {LoopTimeout} from '../loop-clock.js';
import type {DnsLookup} from '../pool-options.js';
import type {Login} from '../redis-url.js';
import type {ByteCounts, Connection, ConnectionHandlers} from './connection.js';
import type {CredentialSource, Reauthenticable} from './credentials.js';
import {closedEarly, describeFailure} from './describe-failure.js';
import {lostMessage} from './lost-connection.js';
import {Outbox} from './outbox.js';
import {type DueQueue, expectReplies, mayPassBy, takeReplies} from './take-replies.js';

type State = 'opening' | 'ready' | 'down';

export type NodeConnectionOptions = {
	/** Milliseconds for TCP, TLS and the handshake together. */
	readonly connectMs: number;
	/** Used instead of the login in the options of the client. */
	readonly credentials?: CredentialSource | undefined;
	readonly dnsLookup?: DnsLookup | undefined;
};

const noBytes: ByteCounts = {read: 0, written: 0};

/** One socket to one Redis server: an ioredis client that is used for nothing else. */
export class NodeConnection implements Connection, Reauthenticable {
	master: string | undefined;
	#state: State = 'opening';
	/** The latest error that ioredis has emitted: the reason if the connection is lost. */
	#lastError: Error | undefined;
	#openTimer: LoopTimeout | undefined;
	#socket: Socket | undefined;
	/** Milliseconds that TCP and TLS took. */
	#openedMs: number | undefined;
	#startedAt = monotonicNow();
	#login: Login | undefined;
	readonly #connectMs: number;
	readonly #dnsLookup: DnsLookup | undefined;
	readonly #outbox = new Outbox();
	/** Set until replies are no longer read by ioredis: see `readReplies`. */
	#onFirstCommand: ((command: PendingCommand) => void) | undefined;
	/** The commands whose replies are due, once replies are not read by ioredis. */
	#due: DueQueue | undefined;

	/** @param client A new client, made with `clientOptions`. */
	constructor(
		readonly client: Redis,
		readonly redactedUrl: string,
		{connectMs, credentials, dnsLookup}: NodeConnectionOptions,
		readonly handlers: ConnectionHandlers,
	) {
		this.#connectMs = connectMs;
		this.#dnsLookup = dnsLookup;
		reportProtectedMode(client);
		client.on('error', (error: Error) => this.#onError(error));
		client.once('connect', () => {
			this.#openedMs = Math.round(monotonicNow() - this.#startedAt);
			this.#socket = client.stream;
			// Added after ioredis's own listener, which rejects everything in flight.
			client.stream.once('close', () => this.#goDown(this.#reason()));
		});
		client.once('ready', () => this.#onReady());
		client.once('end', () => this.#goDown(this.#reason()));
		if (credentials === undefined) this.#connect();
		else void this.#logInAndConnect(credentials);
	}

	get login(): Login | undefined {
		return this.#login;
	}

	async authenticate(latest: () => Login): Promise<void> {
		const login = latest();
		const {username, password = ''} = login;
		const args = username === undefined ? [password] : [username, password];
		// Written through the outbox, since ioredis expects replies in the order in which it was handed the commands.
		const command = new Command('auth', args);
		void this.client.sendCommand(command, this.#outbox as unknown as Socket);
		this.uncork();
		await command.promise;
		this.#login = login;
	}

	write(command: PendingCommand): void {
		const {size} = command;
		const due = this.#due;
		if (due !== undefined && mayPassBy(this.client)) {
			this.#outbox.writeEncoded(command.toWritable());
			for (let count = 0; count < size; count++) due.push({command});
			return;
		}
		for (let handed = 0; handed < size && command.phase !== 'done'; handed++) {
			// The first call writes all commands of a pipeline. For the others ioredis only needs to know that replies are due.
			if (handed === 1 && expectReplies(this.client, command, size - 1)) return;
			// ioredis calls no method of the stream but `write`, and no method of a command but those of `PendingCommand`.
			this.client.sendCommand(command as unknown as Command, this.#outbox as unknown as Socket);
			this.#onFirstCommand?.(command);
		}
	}

	/** Nothing to do: the outbox holds all bytes back until `uncork`. */
	cork(): void {}

	uncork(): void {
		if (this.#socket !== undefined) this.#outbox.flush(this.#socket);
	}

	get bytesRead(): number {
		return this.#socket?.bytesRead ?? 0;
	}

	bytes(): ByteCounts {
		const stream = this.client.stream as Socket | undefined;
		return stream === undefined ? noBytes : {read: stream.bytesRead, written: stream.bytesWritten};
	}

	readReplies(onMessage?: (message: unknown) => void): void {
		this.#onFirstCommand = (command) => {
			this.#onFirstCommand = undefined;
			this.#due = takeReplies(this.client, command, (problem, cause) => this.destroy(problem, cause), onMessage);
		};
	}

	destroy(reason: string, cause?: Error): void {
		this.#goDown(this.#connectionError(reason, cause));
	}

	async #logInAndConnect(credentials: CredentialSource): Promise<void> {
		try {
			this.#login = await credentials.get();
		} catch (error) {
			this.#goDown(this.#connectionError((error as Error).message, error as Error));
			return;
		}
		if (this.#state !== 'opening') return;
		const {username, password} = this.#login;
		const {options} = this.client;
		// With a user name ioredis sends AUTH with two arguments in RESP2, too; with the one-argument form it would print a
		// warning.
		Object.assign(options, {username: options.protocol === 2 ? (username ?? 'default') : username, password});
		this.#startedAt = monotonicNow();
		this.#connect();
	}

	#connect(): void {
		const ms = this.#connectMs;
		this.#openTimer = new LoopTimeout(
			() =>
				this.destroy(
					`no ${this.#isConnecting ? 'connection' : 'answer to the handshake'} within ${ms} ms${this.#distance()}`,
				),
			ms,
		).unref();
		if (this.#dnsLookup === undefined) this.#begin();
		else void this.#resolveAndBegin(this.#dnsLookup);
	}

	#begin(): void {
		this.client.connect().catch(() => {
			// The events report it.
		});
	}

	/** The lookup counts against the time limit of the handshake. */
	async #resolveAndBegin(dnsLookup: DnsLookup): Promise<void> {
		const {options} = this.client;
		const {host, tls} = options;
		try {
			if (host !== undefined && isIP(host) === 0 && options.path === undefined) {
				// In a microtask, since the constructor must not fail.
				options.host = await Promise.resolve(host).then(dnsLookup);
				// The certificate has the host name, not the resolved address.
				if (tls !== undefined && tls.servername === undefined) options.tls = {...tls, servername: host};
			}
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			this.#goDown(
				this.#connectionError(`dnsLookup has failed for ${host}: ${why}`, error instanceof Error ? error : undefined),
			);
			return;
		}
		if (this.#state === 'opening') this.#begin();
	}

	/** True until TCP has opened the connection. */
	get #isConnecting(): boolean {
		return (this.client.stream as Socket | undefined)?.connecting === true;
	}

	/** The time to open the connection is about one round trip; a handshake needs several. */
	#distance(): string {
		const openedMs = this.#openedMs;
		if (openedMs === undefined) return '';
		// A quick TCP connection may lead to Redis, or to a nearby proxy that is far from Redis.
		return openedMs * 10 < this.#connectMs
			? ', although the connection was open at once: if Redis is busy, or far behind a proxy, raise pool.connectTimeout'
			: `, after ${openedMs} ms for opening the connection: if Redis is that far away, raise pool.connectTimeout`;
	}

	#onReady(): void {
		if (this.#state !== 'opening') return;
		this.#state = 'ready';
		this.#openTimer?.clear();
		this.#lastError = undefined;
		this.handlers.onReady();
	}

	#onError(error: Error): void {
		this.#lastError = error;
		// Redis has refused a command of the handshake. ioredis would go on without it, for instance in database 0.
		if (this.#state === 'opening' && isReplyError(error)) this.#goDown(this.#reason());
	}

	#reason(): RedisCacheError {
		const error = this.#lastError;
		if (error !== undefined && isReplyError(error)) return toServerError(error);
		const phase = this.#state === 'opening' ? 'opening' : 'ready';
		if (error !== undefined) return this.#connectionError(describeFailure(error, phase), error);
		return this.#connectionError(phase === 'opening' ? closedEarly : 'the other side closed it');
	}

	#connectionError(why: string, cause?: Error): ConnectionLostError {
		const message =
			this.#state === 'opening' ? `Cannot connect to ${this.redactedUrl}: ${why}` : lostMessage(this.redactedUrl, why);
		return new ConnectionLostError(message, {cause});
	}

	#goDown(reason: RedisCacheError): void {
		if (this.#state === 'down') return;
		this.#state = 'down';
		this.#openTimer?.clear();
		(this.client.stream as Socket | undefined)?.destroy();
		// Also ends an attempt that has no socket yet.
		this.client.disconnect();
		this.handlers.onDown(reason);
	}
}

/**
 * Turns the error reply of a Redis in protected mode into a failure. ioredis mistakes it for another message because it
 * contains "no password is set", prints a warning at each attempt to connect, and goes on.
 */
function reportProtectedMode(client: Redis): void {
	const hello = client.hello.bind(client) as (...args: unknown[]) => Promise<unknown>;
	const reporting = (...args: unknown[]) =>
		hello(...args).catch((error: Error) => {
			if (error.message.startsWith('DENIED ')) error.message = 'DENIED protected mode';
			throw error;
		});
	Object.assign(client, {hello: reporting});
}
