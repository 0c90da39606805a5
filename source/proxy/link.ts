import type {Socket} from 'node:net';
import type {ReplyRewriterOptions} from './addresses/reply-rewriter.js';
import {ByteLimits} from './byte-limits.js';
import {freePipe, type LinkRules} from './link-rules.js';
import {type Allowance, Pipe} from './pipe.js';
import {ProtocolFollower} from './protocol/protocol-follower.js';
import type {TakeOver} from './sockets/adopt-socket.js';
import {openSocket} from './sockets/open-socket.js';
import type {ReadBuffers} from './sockets/read-buffers.js';
import {resetSocket, resetSocketAfterWrites} from './sockets/reset-socket.js';
import type {FaultProxyOptions, LinkEnd, LinkObserver, ProxyTarget} from './types.js';

/** Bytes of unread replies from which on a client's requests are held back. */
const maxUnread = 4 * 1024 * 1024;

type LinkOptions = {
	/** The socket that a server has accepted. Do not use it afterwards. */
	readonly accepted: Socket;
	readonly takeOver: TakeOver;
	readonly buffers: ReadBuffers;
	readonly target: ProxyTarget;
	readonly rules: LinkRules;
	/** Returns a number from 0 to 1. */
	readonly random: () => number;
	readonly observer?: LinkObserver | undefined;
	/** As in `FaultProxyOptions`. */
	readonly answerFirst?: FaultProxyOptions['answerFirst'];
	/** Called when both sockets are closed and no bytes are held. */
	readonly onGone: (link: Link) => void;
	/** Called when the connection does not use the Redis protocol, so that the fault `error` has no effect on it. */
	readonly onOpaque: (link: Link) => void;
	/** Undefined: the addresses in replies stay as they are. */
	readonly rewriting?: ReplyRewriterOptions | undefined;
};

/**
 * One client's connection through the proxy, and the corresponding connection to the server.
 *
 * Requests go client → up pipe → protocol follower → server, replies server → protocol follower → down pipe → client. The pipes
 * delay, hold and drop bytes; the follower, on the server's side, answers commands with errors and rewrites addresses.
 */
export class Link {
	readonly #client: Socket;
	/** Undefined if the connection was opened during a fault by which nothing can reach the server. */
	readonly #server: Socket | undefined;
	readonly #isServerTcp: boolean;
	readonly #up: Pipe;
	readonly #down: Pipe;
	readonly #follower: ProtocolFollower;
	readonly #limits = new ByteLimits();
	readonly #onGone: (link: Link) => void;
	/** True for a connection opened during `handshake`: never answered, and reset when that fault is lifted. */
	readonly #isMute: boolean;
	#resetTimer: NodeJS.Timeout | undefined;
	#resetAfterMs: number | undefined;
	#isGone = false;
	readonly #observer: LinkObserver | undefined;
	/** Undefined once the first bytes have arrived. */
	#answerFirst: LinkOptions['answerFirst'];
	/** True while no fault affects requests. */
	#isFree = true;
	/** How the connection ended; undefined until one side has ended it. */
	#end: LinkEnd | undefined;
	readonly #closed: Promise<void>;
	#resolveClosed: () => void = () => {};

	constructor({
		accepted,
		takeOver,
		buffers,
		target,
		rules,
		random,
		observer,
		answerFirst,
		onGone,
		onOpaque,
		rewriting,
	}: LinkOptions) {
		const client = takeOver(accepted, buffers, (bytes) => this.#receiveRequests(bytes));
		this.#client = client;
		this.#observer = observer;
		this.#answerFirst = answerFirst;
		this.#onGone = onGone;
		this.#closed = new Promise((resolve) => {
			this.#resolveClosed = resolve;
		});
		this.#isMute = rules.mute;
		const isCutOff = rules.mute || rules.up.swallow || rules.resetAfterMs === 0;
		const server = isCutOff ? undefined : openSocket(target, buffers, (bytes) => this.#receiveReplies(bytes));
		this.#server = server;
		// A TLS connection is not reset, since earlier writes would be lost with it.
		const isTcp = !('path' in target) && target.tls === undefined;
		this.#isServerTcp = isTcp;

		this.#follower = new ProtocolFollower({
			toServer: (bytes) => server?.write(bytes),
			toClient: (bytes) => this.#down.receive(bytes),
			random,
			onOpaque: () => onOpaque(this),
			rewriting,
		});
		const allowance: Allowance = {
			left: (limits) => this.#limits.left(limits),
			spend: (limits, bytes) => {
				if (this.#limits.spend(limits, bytes)) this.cut();
			},
		};
		this.#up = new Pipe({
			source: client,
			sink: {
				write: (chunk) => {
					this.#follower.request(chunk);
					return this.#canTakeRequests();
				},
				end: () => server?.end(),
				reset: () => resetSocketAfterWrites(server, isTcp),
			},
			allowance,
			random,
		});
		this.#down = new Pipe({
			source: {
				pause: () => server?.pause(),
				resume: () => {
					server?.resume();
					this.#resumeRequests();
				},
			},
			sink: {
				write:
					observer === undefined
						? (chunk) => client.write(chunk)
						: (chunk) => {
								const now = performance.now();
								const hasRoom = client.write(chunk);
								observer.reply(chunk, now);
								return hasRoom;
							},
				end: () => client.end(),
				reset: () => resetSocketAfterWrites(client, true),
			},
			allowance,
			random,
		});
		// A connection without a server counts as having lost bytes from its start, so that it is reset when the fault is
		// lifted.
		if (isCutOff) this.#up.isBroken = true;
		if (rules.down.swallow) this.#down.isBroken = true;

		client.setNoDelay(true);
		client.on('drain', () => {
			this.#down.drained();
			this.#resumeRequests();
		});
		this.#watchEnd(client, this.#up, 'client');
		if (server !== undefined) {
			server.setNoDelay(true);
			server.on('drain', () => this.#resumeRequests());
			this.#watchEnd(server, this.#down, 'server');
		}
		this.apply(rules);
	}

	/** True while the client has not closed its end. */
	get isOpen(): boolean {
		return !this.#client.destroyed && !this.#client.readableEnded;
	}

	/** Bytes received from each side. */
	get bytes(): {readonly up: number; readonly down: number} {
		return {up: this.#up.bytes, down: this.#down.bytes};
	}

	/** Sets new rules. Resets the connection if it has lost bytes, and no active fault accounts for that. */
	apply(rules: LinkRules): void {
		const isHoleOver = (this.#up.isBroken && !rules.up.swallow) || (this.#down.isBroken && !rules.down.swallow);
		if (this.#isMute ? !rules.mute : isHoleOver) {
			this.reset();
			return;
		}
		this.#isFree = rules.up === freePipe && rules.errors.length === 0;
		this.#scheduleReset(rules.resetAfterMs);
		this.#limits.setLimits([...rules.up.limits, ...rules.down.limits]);
		this.#follower.setFaults(rules.errors);
		this.#up.setRules(rules.up);
		this.#down.setRules(rules.down);
	}

	/** Closes both sides with RST. Resolves when both sockets are closed. */
	reset(): Promise<void> {
		this.#end ??= {by: 'proxy', isReset: true};
		this.#stop();
		resetSocket(this.#client, true);
		if (this.#server !== undefined) resetSocket(this.#server, this.#isServerTcp);
		return this.#closed;
	}

	/** Closes both sides with FIN, after the delivered bytes. */
	cut(): void {
		this.#end ??= {by: 'proxy', isReset: false};
		this.#stop();
		this.#client.destroySoon();
		this.#server?.destroySoon();
	}

	/** Returns true if the bytes are still in use, so that their buffer must not be reused. */
	#receiveRequests(bytes: Buffer): boolean {
		const answer = this.#answerFirst?.(bytes);
		this.#answerFirst = undefined;
		if (answer !== undefined) {
			this.#client.write(answer);
			this.cut();
			return false;
		}
		const observer = this.#observer;
		const up = this.#up;
		if (observer === undefined) {
			up.receive(bytes);
		} else {
			const now = performance.now();
			// Forwards first, so that the server executes the requests while they are parsed. With faults, the follower may
			// answer them itself.
			const isFree = this.#isFree && !this.#follower.isAnswering;
			if (isFree) up.receive(bytes);
			observer.request(bytes, now);
			if (!isFree) up.receive(bytes);
		}
		return !up.isEmpty || this.#follower.isHolding || (this.#server?.writableLength ?? 0) > 0;
	}

	/** Returns true if the bytes are still in use, so that their buffer must not be reused. */
	#receiveReplies(bytes: Buffer): boolean {
		this.#follower.reply(bytes);
		if (this.#up.isBlocked) this.#resumeRequests();
		return !this.#down.isEmpty || this.#client.writableLength > 0;
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

	#canTakeRequests(): boolean {
		const server = this.#server;
		const hasRoomUp = server === undefined || !server.writableNeedDrain;
		// Injected replies fill the down pipe without the server, so only holding requests back limits them.
		return hasRoomUp && this.#follower.hasRoom && !this.#down.isFull && this.#client.writableLength < maxUnread;
	}

	#resumeRequests(): void {
		if (this.#up.isBlocked && this.#canTakeRequests()) this.#up.drained();
	}

	/** Forwards the end of one side to the other, after the preceding bytes. */
	#watchEnd(socket: Socket, pipe: Pipe, by: 'client' | 'server'): void {
		let isFinished = false;
		const finish = (how: 'end' | 'reset'): void => {
			if (isFinished) return;
			isFinished = true;
			this.#end ??= {by, isReset: how === 'reset'};
			if (by === 'server') this.#follower.endReplies();
			pipe.finish(how);
		};
		socket.on('end', () => {
			finish('end');
			// If the client has closed its end and its replies are lost, nothing will ever be sent to it.
			if (socket === this.#client && (this.#down.isBroken || this.#server === undefined)) socket.destroy();
		});
		socket.on('error', () => finish('reset'));
		socket.on('close', () => {
			finish('reset');
			this.#release();
		});
	}

	/** Ends the link when both sockets are closed: everything that the client sent has been delivered or lost by then. */
	#release(): void {
		if (this.#isGone || !this.#client.destroyed || this.#server?.destroyed === false) return;
		this.#isGone = true;
		this.#stop();
		this.#observer?.closed(this.#end ?? {by: 'proxy', isReset: false});
		this.#onGone(this);
		this.#resolveClosed();
	}
}
