import {encodeReply, type Resp} from '../../../resp/encode.js';
import {error, type Reply} from '../../../resp/reply.js';
import type {Command} from '../commands/command.js';
import type {Server} from '../server.js';
import type {Database} from '../store/database.js';
import type {Blocked} from './blocking.js';
import type {TrackingState} from './tracking-state.js';

export type QueuedCommand = {readonly command: Command; readonly args: readonly string[]};

/** Between MULTI and EXEC. */
export type Transaction = {
	readonly queue: QueuedCommand[];
	/** A command could not be queued: EXEC will refuse. */
	aborted: boolean;
};

export type WatchedKey = {readonly db: Database; readonly key: string; readonly wasExpired: boolean};

/** So many bytes of answers do not wait for the end of the turn. */
const maxUnflushed = 1024 * 1024;

const tooLarge = error('ERR the answer is too large for the built-in server');

/** How a client is reached. A script's client has none. */
export type Wire = {
	readonly address: string;
	readonly localAddress: string;
	/** Bytes received but not yet understood. */
	readonly buffered: number;
	/** Bytes not yet taken by the socket. */
	readonly unsent: number;
	write(text: string): void;
	/** Sends what was written, then closes. */
	end(): void;
	/** Closes at once. */
	destroy(): void;
	/** Goes on with requests that came while the client was blocked. */
	proceed(): void;
};

/** One connection, or (without a wire) a script on behalf of one. */
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
	/** A watched key has changed. */
	watchBroken = false;
	/** In EXEC and scripts, where a blocking command must answer at once. */
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

	/** RESP2 only lets such a client subscribe, ping and leave. */
	get isSubscriber(): boolean {
		return this.channels.size + this.patterns.size > 0;
	}

	/** Answers a command. */
	send(reply: Reply): void {
		if (this.reply === 'on' || this.reply === 'skip-next') this.push(reply);
	}

	/** Sends what is not the answer to a command; CLIENT REPLY OFF does not concern it. */
	push(reply: Reply): void {
		if (this.#out === '') this.server.willFlush(this);
		const bytes = this.#encoded(reply);
		// Both together might be more than one string can hold.
		if (this.#out.length + bytes.length > maxUnflushed) this.#write();
		this.#out += bytes;
		if (this.#out.length > maxUnflushed) this.#write();
	}

	/** No more requests are read. */
	get closing(): boolean {
		return this.#closing;
	}

	/** Ends the connection once its answers are sent, also when there are none. */
	close(): void {
		this.#closing = true;
		this.server.willFlush(this);
	}

	get unflushed(): number {
		return this.#out.length;
	}

	/** Hands all that was sent to the socket, in one write. */
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
			// V8 has no string that long.
			if (problem instanceof RangeError) return encodeReply(tooLarge, this.resp);
			throw problem;
		}
	}
}
