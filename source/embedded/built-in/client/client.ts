import {encodeReply, type Resp} from '../../../resp/encode.js';
import {error, type Reply} from '../../../resp/reply.js';
import type {Command} from '../commands/command.js';
import type {Server} from '../server.js';
import type {Database} from '../store/database.js';
import type {Blocked} from './blocking.js';
import type {TrackingState} from './tracking-state.js';

type QueuedCommand = {readonly command: Command; readonly args: readonly string[]};

/** State of a client between MULTI and EXEC. */
type Transaction = {
	readonly queue: QueuedCommand[];
	/** True once a command could not be queued: EXEC will fail. */
	aborted: boolean;
};

type WatchedKey = {readonly db: Database; readonly key: string; readonly wasExpired: boolean};

/** Bytes of replies from which on they are written before the end of the turn. */
const maxUnflushed = 1024 * 1024;

const tooLarge = error('ERR the reply is too large for the built-in server');

/** The connection of a client. The client of a script has none. */
export type Wire = {
	readonly address: string;
	readonly localAddress: string;
	/** Bytes received that are not a complete request yet. */
	readonly buffered: number;
	/** Bytes written that the socket has not sent yet. */
	readonly unsent: number;
	write(text: string): void;
	/** Closes the connection, in both directions, after the written bytes. */
	end(): void;
	/** Closes the connection at once. */
	destroy(): void;
	/** Handles the requests that arrived while the client was blocked. */
	proceed(): void;
};

/** The state of one connection or, without a wire, of a script that runs for one. */
export class Client {
	resp: Resp = 2;
	db: Database;
	name = '';
	libName = '';
	libVersion = '';
	authenticated = true;
	lastCommand: Command | undefined;
	usedAt: number;
	transaction: Transaction | undefined;
	watched: WatchedKey[] = [];
	/** True once a watched key has changed. */
	watchBroken = false;
	/** True in EXEC and scripts, where a blocking command must reply at once. */
	denyBlocking = false;
	blocked: Blocked | undefined;
	readonly channels = new Set<string>();
	readonly patterns = new Set<string>();
	tracking: TrackingState | undefined;
	reply: 'on' | 'off' | 'skip-next' | 'skip' = 'on';
	noEvict = false;
	#closing = false;
	readonly createdAt: number;
	#out = '';

	constructor(
		readonly server: Server,
		readonly id: number,
		readonly wire: Wire | undefined,
	) {
		this.db = server.database(0);
		this.createdAt = server.now;
		this.usedAt = server.now;
	}

	/** True while it has subscriptions. With RESP2 it may then only subscribe, unsubscribe, ping and quit. */
	get isSubscriber(): boolean {
		return this.channels.size + this.patterns.size > 0;
	}

	/** Sends the reply to a command. After CLIENT REPLY OFF only confirmations of subscriptions are sent. */
	send(reply: Reply): void {
		if (this.reply === 'on' || this.reply === 'skip-next' || isPush(reply)) this.push(reply);
	}

	/** Sends a message that is not a reply to a command, even after CLIENT REPLY OFF. */
	push(reply: Reply): void {
		if (this.#out === '') this.server.willFlush(this);
		const bytes = this.#encoded(reply);
		// Together they might exceed V8's limit for the length of a string.
		if (this.#out.length + bytes.length > maxUnflushed) this.#write();
		this.#out += bytes;
		if (this.#out.length > maxUnflushed) this.#write();
	}

	/** True once no more requests are handled. */
	get closing(): boolean {
		return this.#closing;
	}

	/** Closes the connection once its replies are sent. */
	close(): void {
		this.#closing = true;
		this.server.willFlush(this);
	}

	/** Closes the connection at once, without the replies that are not sent yet. */
	drop(): void {
		this.#closing = true;
		this.#out = '';
		this.wire?.destroy();
	}

	get unflushed(): number {
		return this.#out.length;
	}

	/** Writes everything that was sent to the socket, in one write. */
	flush(): void {
		if (this.#out !== '') this.#write();
		if (this.#closing) this.wire?.end();
	}

	#write(): void {
		const out = this.#out;
		this.#out = '';
		this.wire?.write(out);
	}

	#encoded(reply: Reply): string {
		try {
			return encodeReply(reply, this.resp);
		} catch (problem) {
			// The reply exceeds V8's limit for the length of a string.
			if (problem instanceof RangeError) return encodeReply(tooLarge, this.resp);
			throw problem;
		}
	}
}

function isPush(reply: Reply): boolean {
	if (typeof reply !== 'object' || reply === null || !('kind' in reply)) return false;
	return reply.kind === 'push' || (reply.kind === 'sequence' && reply.items.every(isPush));
}
