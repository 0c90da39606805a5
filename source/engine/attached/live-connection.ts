import {connect, type Socket} from 'node:net';
import type {CacheState, Hello, LiveCall, LiveReply, ProcessMessage, ViewerMessage} from '../../cache/live/messages.js';
import {readLines} from '../../cache/live/read-lines.js';
import {RedisCacheError} from '../../pool/errors.js';
import {problemOfHello} from './check-hello.js';

/** Longest message from a process, in bytes: a state takes some ten thousand. */
const maxMessageBytes = 16_777_216;

const helloMs = 2000;
const callMs = 10_000;

/** A process cannot be watched, or has refused a call. */
export class LiveError extends RedisCacheError {
	override readonly name = 'LiveError';
}

/** A viewer's side of the connection to a live process. */
export class LiveConnection {
	readonly hello: Hello;
	readonly #socket: Socket;
	readonly #pending = new Map<number, (reply: LiveReply | undefined) => void>();
	#onState: (state: CacheState) => void = () => {};
	#onEnd: (reason: string) => void = () => {};
	#end: string | undefined;
	#lastId = 0;

	/** @throws {LiveError} The socket accepts no connections, or the process does not answer. */
	static open(path: string): Promise<LiveConnection> {
		return new Promise((resolve, reject) => {
			const socket = connect(path);
			const fail = (code: string, message: string) => {
				clearTimeout(timer);
				socket.destroy();
				reject(new LiveError(code, message));
			};
			const timer = setTimeout(() => fail('ERR_LIVE_SILENT', 'the process does not answer'), helloMs);
			let connection: LiveConnection | undefined;
			socket.on('error', ({code = 'ERR_LIVE', message}: NodeJS.ErrnoException) =>
				fail(code, code === 'ENOENT' || code === 'ECONNREFUSED' ? 'it has ended, or closed its cache' : message),
			);
			socket.once('close', () => {
				fail('ERR_LIVE_ENDED', 'the process has closed the connection');
				connection?.closed();
			});
			readLines(socket, {
				maxBytes: maxMessageBytes,
				onTooLong: () => socket.destroy(),
				onLine(line) {
					const message = parsed(line);
					if (message === undefined) {
						fail('ERR_LIVE_PROTOCOL', 'another program answers on its socket');
					} else if (connection !== undefined) {
						connection.receive(message);
					} else if (message.type === 'end') {
						fail('ERR_LIVE_REFUSED', message.reason);
					} else {
						const problem = problemOfHello(message);
						if (problem !== undefined) return fail('ERR_LIVE_PROTOCOL', problem);
						clearTimeout(timer);
						connection = new LiveConnection(socket, message as Hello);
						resolve(connection);
					}
				},
			});
		});
	}

	private constructor(socket: Socket, hello: Hello) {
		this.#socket = socket;
		this.hello = hello;
	}

	/** Watches a cache. `onEnd` is called once, after the last state. */
	watch(cache: number, onState: (state: CacheState) => void, onEnd: (reason: string) => void): void {
		this.#onState = onState;
		this.#onEnd = onEnd;
		if (this.#end === undefined) this.#send({type: 'watch', cache});
		else onEnd(this.#end);
	}

	/** @throws {LiveError} The process refuses the call, cannot make it, or is gone. */
	async call(call: LiveCall): Promise<unknown> {
		const id = ++this.#lastId;
		const reply = await new Promise<LiveReply | undefined>((resolve) => {
			const timer = setTimeout(() => settle(undefined), callMs);
			const settle = (settled: LiveReply | undefined) => {
				clearTimeout(timer);
				this.#pending.delete(id);
				resolve(settled);
			};
			this.#pending.set(id, settle);
			if (this.#end === undefined) this.#send({type: 'call', id, call});
			else settle(undefined);
		});
		if (reply === undefined) throw new LiveError('ERR_LIVE_SILENT', `the process has not answered ${call.name}`);
		if (!reply.ok) throw new LiveError(reply.code, reply.message);
		return reply.value;
	}

	close(): void {
		this.#onEnd = () => {};
		this.#socket.destroy();
	}

	/** @internal A message that came after `hello`. */
	receive(message: ProcessMessage): void {
		if (message.type === 'state') this.#onState(message);
		else if (message.type === 'reply') this.#pending.get(message.id)?.(message);
		else if (message.type === 'end') this.#end ??= message.reason;
	}

	/** @internal The connection has closed. */
	closed(): void {
		this.#end ??= 'the process has ended';
		for (const settle of [...this.#pending.values()]) settle(undefined);
		this.#onEnd(this.#end);
	}

	#send(message: ViewerMessage): void {
		this.#socket.write(`${JSON.stringify(message)}\n`);
	}
}

function parsed(line: string): ProcessMessage | undefined {
	try {
		const message = JSON.parse(line) as ProcessMessage;
		return typeof message === 'object' && message !== null ? message : undefined;
	} catch {
		return undefined;
	}
}
