import {error, type Reply} from '../../../resp/reply.js';
import {replyOf} from '../commands/command-error.js';
import type {Database} from '../store/database.js';
import {typeName} from '../store/entry.js';
import type {Client} from './client.js';

type Wish = {
	/** Keys of another type are ignored. */
	readonly type: 'list' | 'zset';
	readonly keys: readonly string[];
	/** 0 for no timeout. */
	readonly timeoutMs: number;
	readonly timedOut: Reply;
	/**
	 * Called when the key may have a suitable element. Returns the reply; undefined to keep waiting. May throw a CommandError.
	 */
	readonly serve: (key: string) => Reply | undefined;
};

export type Blocked =
	| {readonly kind: 'keys'; readonly db: Database; readonly wish: Wish; readonly timer: NodeJS.Timeout | undefined}
	/** Held back by CLIENT PAUSE. The request is handled when the pause ends. */
	| {readonly kind: 'postponed'; readonly args: readonly string[]};

const longestTimer = 2 ** 31 - 1;

/** Clients that are blocked on keys, served in the order in which they were blocked. */
export class BlockedClients {
	readonly #waiting = new Map<Database, Map<string, Set<Client>>>();
	#ready: {db: Database; key: string}[] = [];
	count = 0;

	block(client: Client, wish: Wish): void {
		const timer =
			wish.timeoutMs > 0 ? setTimeout(() => this.#timeOut(client), Math.min(wish.timeoutMs, longestTimer)) : undefined;
		client.blocked = {kind: 'keys', db: client.db, wish, timer};
		this.count++;
		let waiting = this.#waiting.get(client.db);
		if (!waiting) {
			waiting = new Map();
			this.#waiting.set(client.db, waiting);
		}
		for (const key of wish.keys) {
			const clients = waiting.get(key);
			if (clients) clients.add(client);
			else waiting.set(key, new Set([client]));
		}
	}

	/** A key was created. Clients that are blocked on it are served after the command. */
	keyAdded(db: Database, key: string): void {
		if (this.count > 0 && this.#waiting.get(db)?.has(key)) this.#ready.push({db, key});
	}

	/** Serves the clients whose keys exist now. That may create a key on which another client is blocked. */
	serveReady(): void {
		while (this.#ready.length > 0) {
			const ready = this.#ready;
			this.#ready = [];
			for (const {db, key} of ready) this.#serve(db, key);
		}
	}

	/** Unblocks a client without a reply. */
	unblock(client: Client): void {
		const {blocked} = client;
		if (blocked?.kind !== 'keys') return;
		client.blocked = undefined;
		this.count--;
		clearTimeout(blocked.timer);
		const waiting = this.#waiting.get(blocked.db);
		for (const key of blocked.wish.keys) {
			const clients = waiting?.get(key);
			clients?.delete(client);
			if (clients?.size === 0) waiting?.delete(key);
		}
	}

	/** Unblocks a client for CLIENT UNBLOCK. Returns false if it was not blocked. */
	release(client: Client, withError: boolean): boolean {
		const {blocked} = client;
		if (blocked?.kind !== 'keys') return false;
		this.#answer(client, withError ? error('UNBLOCKED client unblocked via CLIENT UNBLOCK') : blocked.wish.timedOut);
		return true;
	}

	#timeOut(client: Client): void {
		if (client.blocked?.kind !== 'keys') return;
		this.#answer(client, client.blocked.wish.timedOut);
		client.server.flush();
	}

	#serve(db: Database, key: string): void {
		for (const client of [...(this.#waiting.get(db)?.get(key) ?? [])]) {
			if (client.blocked?.kind !== 'keys') continue;
			const {wish} = client.blocked;
			const entry = db.lookup(key);
			if (!entry) return;
			if (typeName(entry.value) !== wish.type) continue;
			client.server.current = client;
			const reply = replyOf(() => wish.serve(key));
			if (reply !== undefined) this.#answer(client, reply);
			client.server.tracking.sendOwnInvalidations(client);
			client.server.current = undefined;
		}
	}

	#answer(client: Client, reply: Reply): void {
		this.unblock(client);
		client.send(reply);
		client.server.willProceed(client);
	}
}
