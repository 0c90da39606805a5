import {connect, type NetConnectOpts, type Socket} from 'node:net';
import {ErrorInjector} from './error-injector.js';
import type {LimitRule, LinkRules, PipeRules} from './link-rules.js';
import {Pipe, type Sink, type Source} from './pipe.js';

/** Replies waiting for a client that does not read, before its requests are held back. */
const maxUnread = 4 * 1024 * 1024;

export type LinkOptions = {
	readonly client: Socket;
	readonly target: NetConnectOpts;
	readonly rules: LinkRules;
	readonly random: () => number;
	/** Both ends are gone and nothing is held any more. */
	readonly onGone: (link: Link) => void;
	readonly onOpaque: (link: Link) => void;
};

/** One client's connection through the proxy, and the connection to the server that belongs to it. */
export class Link {
	readonly #client: Socket;
	/** Undefined where nothing the client sends could reach the server. */
	readonly #server: Socket | undefined;
	readonly #serverIsTcp: boolean;
	readonly #up: Pipe;
	readonly #down: Pipe;
	readonly #injector: ErrorInjector;
	/** Bytes that may still pass, for each `limit` in force. */
	readonly #allowances = new Map<number, number>();
	readonly #onGone: (link: Link) => void;
	/** Opened during `handshake`: never answered, reset when that is over. */
	readonly #mute: boolean;
	#resetTimer: NodeJS.Timeout | undefined;
	#resetAfterMs: number | undefined;
	#gone = false;
	readonly #closed: Promise<void>;
	#resolveClosed: () => void = () => {};

	constructor({client, target, rules, random, onGone, onOpaque}: LinkOptions) {
		this.#client = client;
		this.#onGone = onGone;
		this.#closed = new Promise((resolve) => {
			this.#resolveClosed = resolve;
		});
		this.#mute = rules.mute;
		const alone = rules.mute || rules.up.swallow || rules.resetAfterMs === 0;
		this.#server = alone ? undefined : connect({...target, allowHalfOpen: true});
		const server = this.#server;
		const isTcp = !('path' in target);
		this.#serverIsTcp = isTcp;

		this.#injector = new ErrorInjector(
			(bytes) => server?.write(bytes),
			(bytes) => this.#down.receive(bytes),
			random,
			() => onOpaque(this),
		);
		const toServer: Sink = {
			write: (chunk) => {
				this.#injector.request(chunk);
				return this.#mayRequest();
			},
			end: () => server?.end(),
			reset: () => resetAfterWrites(server, isTcp),
		};
		const toClient: Sink = {
			write: (chunk) => client.write(chunk),
			end: () => client.end(),
			reset: () => resetAfterWrites(client, true),
		};
		const allowance = (pipeRules: PipeRules): number => this.#allowance(pipeRules);
		const passed = (pipeRules: PipeRules, bytes: number): void => this.#passed(pipeRules, bytes);
		this.#up = new Pipe(toServer, client, random, allowance, passed);
		const answers: Source = {
			pause: () => server?.pause(),
			resume: () => {
				server?.resume();
				if (this.#mayRequest()) this.#up.drained();
			},
		};
		this.#down = new Pipe(toClient, answers, random, allowance, passed);
		// Whatever it sends or is sent, it has lost from the start what it should have been told.
		if (alone) this.#up.lost = true;
		if (rules.down.swallow) this.#down.lost = true;

		client.setNoDelay(true);
		server?.setNoDelay(true);
		client.on('data', (chunk) => this.#up.receive(chunk));
		client.on('drain', () => {
			this.#down.drained();
			if (this.#mayRequest()) this.#up.drained();
		});
		this.#watch(client, this.#up);
		if (server !== undefined) {
			server.on('data', (chunk) => {
				this.#injector.reply(chunk);
				if (this.#mayRequest()) this.#up.drained();
			});
			server.on('drain', () => {
				if (this.#mayRequest()) this.#up.drained();
			});
			this.#watch(server, this.#down);
		}
		this.apply(rules);
	}

	/** The client has not closed its end. */
	get open(): boolean {
		return !this.#client.destroyed && !this.#client.readableEnded;
	}

	get bytes(): {readonly up: number; readonly down: number} {
		return {up: this.#up.bytes, down: this.#down.bytes};
	}

	/** New rules, from now on. Resets the connection if bytes that it lost can no longer be explained by a fault in force. */
	apply(rules: LinkRules): void {
		const holeOver = (this.#up.lost && !rules.up.swallow) || (this.#down.lost && !rules.down.swallow);
		if (this.#mute ? !rules.mute : holeOver) {
			this.reset();
			return;
		}
		this.#scheduleReset(rules.resetAfterMs);
		this.#countFor([...rules.up.limits, ...rules.down.limits]);
		this.#injector.setFaults(rules.errors);
		this.#up.setRules(rules.up);
		this.#down.setRules(rules.down);
	}

	/** Cuts it with RST on both sides. Resolves when both sockets are closed. */
	reset(): Promise<void> {
		this.#stop();
		resetNow(this.#client, true);
		if (this.#server !== undefined) resetNow(this.#server, this.#serverIsTcp);
		return this.#closed;
	}

	/** Closes it with FIN on both sides, after what has been delivered. */
	cut(): void {
		this.#stop();
		this.#client.destroySoon();
		this.#server?.destroySoon();
	}

	#stop(): void {
		clearTimeout(this.#resetTimer);
		this.#up.close();
		this.#down.close();
	}

	#scheduleReset(afterMs: number | undefined): void {
		if (afterMs === this.#resetAfterMs) return;
		this.#resetAfterMs = afterMs;
		clearTimeout(this.#resetTimer);
		if (afterMs !== undefined) this.#resetTimer = setTimeout(() => this.reset(), afterMs);
	}

	#countFor(limits: readonly LimitRule[]): void {
		const ids = new Set(limits.map(({id}) => id));
		for (const id of this.#allowances.keys()) if (!ids.has(id)) this.#allowances.delete(id);
		for (const {id, bytes} of limits) if (!this.#allowances.has(id)) this.#allowances.set(id, bytes);
	}

	#mayRequest(): boolean {
		const server = this.#server;
		const roomUp = server === undefined || !server.writableNeedDrain;
		// Injected answers fill the way down without the server: only holding requests back holds those back.
		return roomUp && this.#injector.ready && !this.#down.full && this.#client.writableLength < maxUnread;
	}

	/** Passes the end of one side on to the other, behind the bytes before it. */
	#watch(socket: Socket, pipe: Pipe): void {
		let finished = false;
		const finish = (mark: 'end' | 'reset'): void => {
			if (finished) return;
			finished = true;
			pipe.finish(mark);
		};
		socket.on('end', () => {
			finish('end');
			// Nothing will ever be sent to a client that has left while its answers are lost.
			if (socket === this.#client && (this.#down.lost || this.#server === undefined)) socket.destroy();
		});
		socket.on('error', () => finish('reset'));
		socket.on('close', () => {
			finish('reset');
			this.#release();
		});
	}

	/** Nothing is left to do once the client is gone and what it sent has been delivered or lost, and the server is gone too. */
	#release(): void {
		if (this.#gone || !this.#client.destroyed || this.#server?.destroyed === false) return;
		this.#gone = true;
		this.#stop();
		this.#onGone(this);
		this.#resolveClosed();
	}

	#allowance(rules: PipeRules): number {
		let least = Number.POSITIVE_INFINITY;
		for (const {id} of rules.limits) least = Math.min(least, this.#allowances.get(id) ?? 0);
		return least;
	}

	#passed(rules: PipeRules, bytes: number): void {
		let spent = false;
		for (const {id} of rules.limits) {
			const left = (this.#allowances.get(id) ?? 0) - bytes;
			this.#allowances.set(id, left);
			if (left <= 0) spent = true;
		}
		if (spent) this.cut();
	}
}

/** Resets once what has been written has left this process. */
function resetAfterWrites(socket: Socket | undefined, isTcp: boolean): void {
	if (socket === undefined || socket.destroyed) return;
	if (socket.writableLength === 0 || !socket.writable) resetNow(socket, isTcp);
	else socket.write('', () => resetNow(socket, isTcp));
}

/**
 * Sends RST. A unix socket has none, and one that is still connecting would first wait for that: both are closed. So is a
 * socket whose FIN is on its way: that one libuv refuses to reset (EINVAL), and Node would then keep its handle for ever,
 * which a worker thread that ends waits for in a busy loop.
 */
function resetNow(socket: Socket, isTcp: boolean): void {
	const isEnding = socket.writableEnded && !socket.writableFinished;
	if (!isTcp || socket.connecting || isEnding) socket.destroy();
	else socket.resetAndDestroy();
}
