import {push, type Reply} from '../../../resp/reply.js';
import type {Client} from './client.js';
import type {TrackingState} from './tracking-state.js';

const invalidateChannel = '__redis__:invalidate';

type Prefix = {
	readonly clients: Set<Client>;
	/** Keys changed in this turn, with the client that changed each last. */
	readonly keys: Map<string, Client | undefined>;
};

/** Server-assisted client-side caching: sends invalidations for changed keys. */
export class Tracking {
	/** Ids of the clients that read a key, by key. Their next change is sent to them. */
	readonly #readers = new Map<string, Set<number>>();
	readonly #prefixes = new Map<string, Prefix>();
	readonly #clients = new Set<Client>();
	/** Invalidations for the client whose command runs, sent after its reply. Undefined stands for all keys. */
	#own: (string | undefined)[] = [];

	constructor(
		readonly clientById: (id: number) => Client | undefined,
		readonly maxKeys: () => number,
	) {}

	get clientCount(): number {
		return this.#clients.size;
	}

	get keyCount(): number {
		return this.#readers.size;
	}

	get itemCount(): number {
		let count = 0;
		for (const readers of this.#readers.values()) count += readers.size;
		return count;
	}

	get prefixCount(): number {
		return this.#prefixes.size;
	}

	enable(
		client: Client,
		state: Omit<TrackingState, 'prefixes' | 'caching' | 'brokenRedirect'>,
		prefixes: string[],
	): void {
		const known = client.tracking?.prefixes ?? new Set<string>();
		client.tracking = {...state, prefixes: known, caching: false, brokenRedirect: false};
		this.#clients.add(client);
		if (!state.bcast) return;
		for (const prefix of prefixes.length === 0 ? [''] : prefixes) {
			known.add(prefix);
			const entry = this.#prefixes.get(prefix);
			if (entry) entry.clients.add(client);
			else this.#prefixes.set(prefix, {clients: new Set([client]), keys: new Map()});
		}
	}

	disable(client: Client): void {
		for (const name of client.tracking?.prefixes ?? []) {
			const prefix = this.#prefixes.get(name);
			prefix?.clients.delete(client);
			if (prefix?.clients.size === 0) this.#prefixes.delete(name);
		}
		client.tracking = undefined;
		this.#clients.delete(client);
	}

	/** Call it after a command that read keys: its client is notified when one of them changes. */
	remember(client: Client, keys: readonly string[]): void {
		const {tracking} = client;
		if (!tracking || tracking.bcast) return;
		if (tracking.option === 'optin' && !tracking.caching) return;
		if (tracking.option === 'optout' && tracking.caching) return;
		for (const key of keys) {
			const readers = this.#readers.get(key);
			if (readers) readers.add(client.id);
			else this.#readers.set(key, new Set([client.id]));
		}
	}

	/**
	 * A key has changed.
	 *
	 * @param by The client whose command changed it.
	 * @param current The client whose request is being handled.
	 */
	keyChanged(key: string, by: Client | undefined, current: Client | undefined): void {
		if (this.#clients.size === 0) return;
		for (const [prefix, {keys}] of this.#prefixes) if (key.startsWith(prefix)) keys.set(key, by);
		this.#tellReaders(key, current);
	}

	flushed(current: Client | undefined): void {
		for (const client of this.#clients) {
			if (client === current) this.#own.push(undefined);
			else this.#tell(client, null);
		}
		this.#readers.clear();
	}

	/** Sends a client the invalidations of its own command, after its reply. */
	sendOwnInvalidations(client: Client): void {
		if (this.#own.length === 0) return;
		const own = this.#own;
		this.#own = [];
		for (const key of own) this.#tell(client, key === undefined ? null : [key]);
	}

	/** Sends BCAST clients the keys that changed in this turn. */
	broadcast(): void {
		if (this.#prefixes.size === 0) return;
		for (const [, {clients, keys}] of [...this.#prefixes].sort(([a], [b]) => byBytes(a, b))) {
			if (keys.size === 0) continue;
			for (const client of clients) {
				const noLoop = client.tracking?.noLoop === true;
				const told = [...keys].filter(([, by]) => !noLoop || by !== client).map(([key]) => key);
				told.sort(byBytes);
				if (told.length > 0) this.#tell(client, told);
			}
			keys.clear();
		}
	}

	/** Drops some keys when there are too many, and announces them to their readers as changed. */
	limit(): void {
		const max = this.maxKeys();
		if (max === 0 || this.#readers.size <= max) return;
		let effort = 100;
		for (const key of this.#readers.keys()) {
			if (this.#readers.size <= max || effort-- === 0) return;
			this.#tellReaders(key, undefined);
		}
	}

	#tellReaders(key: string, current: Client | undefined): void {
		const readers = this.#readers.get(key);
		if (!readers) return;
		this.#readers.delete(key);
		for (const id of readers) {
			const client = this.clientById(id);
			if (!client?.tracking || client.tracking.bcast) continue;
			if (client !== current) this.#tell(client, [key]);
			else if (!client.tracking.noLoop) this.#own.push(key);
		}
	}

	/** @param keys `null` for all keys. */
	#tell(client: Client, keys: readonly string[] | null): void {
		const {tracking} = client;
		if (!tracking) return;
		let target = client;
		if (tracking.redirect !== 0) {
			const redirected = this.clientById(tracking.redirect);
			if (!redirected) {
				tracking.brokenRedirect = true;
				if (client.resp === 3) client.push(push(['tracking-redir-broken', tracking.redirect]));
				return;
			}
			target = redirected;
		}
		const list: Reply = keys;
		if (target.resp === 3) target.push(push(['invalidate', list]));
		else if (tracking.redirect !== 0 && target.isSubscriber) target.push(push(['message', invalidateChannel, list]));
	}
}

function byBytes(a: string, b: string): number {
	return a < b ? -1 : Number(a > b);
}
