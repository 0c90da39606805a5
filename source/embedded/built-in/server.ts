import {BlockedClients} from './client/blocking.js';
import {Client, type Wire} from './client/client.js';
import {Pause} from './client/pause.js';
import {PubSub} from './client/pub-sub.js';
import {Tracking} from './client/tracking.js';
import {Watches} from './client/watches.js';
import {milliseconds} from './clock.js';
import type {Command} from './commands/command.js';
import {commandTable} from './commands/table.js';
import {Config} from './config.js';
import {startupBytes} from './info/startup-bytes.js';
import type {Scripts} from './scripting/scripts.js';
import {SlowLog} from './slow-log.js';
import {Stats} from './stats.js';
import {expireSome} from './store/active-expiry.js';
import {Database, type DatabaseHost} from './store/database.js';
import {evict} from './store/evict.js';

const databaseCount = 16;
const cronMs = 100;

/** The whole state of the built-in server, except for its sockets. */
export class Server implements DatabaseHost {
	now = milliseconds();
	readonly startedAt = this.now;
	readonly stats = new Stats();
	readonly config: Config;
	readonly commands: ReadonlyMap<string, Command> = commandTable();
	readonly slowLog = new SlowLog();
	readonly clients = new Map<number, Client>();
	readonly pubSub = new PubSub();
	readonly blocked = new BlockedClients();
	readonly watches = new Watches();
	readonly tracking = new Tracking(
		(id) => this.clients.get(id),
		() => this.config.trackingMaxKeys,
	);
	readonly pause = new Pause((clients) => {
		for (const client of clients) this.willProceed(client);
		this.flush();
	});
	readonly databases: readonly Database[] = Array.from(
		{length: databaseCount},
		(_, index) => new Database(index, this),
	);
	/** Number of changes to keys so far. */
	dirty = 0;
	/** The client whose request is being handled. */
	current: Client | undefined;
	/** The client of the script, while one runs. */
	script: Client | undefined;
	/** True if memory was over its limit when the request started. */
	outOfMemory = false;
	/** False after DEBUG SET-ACTIVE-EXPIRE 0. */
	activeExpiry = true;
	#nextClientId = 1;
	readonly #unflushed = new Set<Client>();
	readonly #proceeding = new Set<Client>();
	readonly #cron: NodeJS.Timeout;

	constructor(
		readonly port: number,
		readonly scripts: Scripts,
		/** Called by SHUTDOWN. */
		readonly shutDown: () => void,
	) {
		this.config = new Config(port);
		this.#cron = setInterval(() => this.#tick(), cronMs);
	}

	close(): void {
		clearInterval(this.#cron);
	}

	database(index: number): Database {
		const database = this.databases[index];
		if (!database) throw new RangeError(`no database ${index}`);
		return database;
	}

	/** Estimate of the memory that Redis would use for the same data. */
	get usedMemory(): number {
		let bytes = startupBytes + this.scripts.bytes;
		for (const {bytes: own} of this.databases) bytes += own;
		return bytes;
	}

	connect(wire: Wire): Client {
		this.now = milliseconds();
		const client = new Client(this, this.#nextClientId++, wire);
		client.authenticated = this.config.password === '';
		this.clients.set(client.id, client);
		this.stats.connections++;
		return client;
	}

	/** The socket of a client is closed. */
	disconnect(client: Client): void {
		this.reset(client);
		this.clients.delete(client.id);
		this.#unflushed.delete(client);
		this.#proceeding.delete(client);
	}

	/** Ends subscriptions, tracking, watches, the transaction and blocking of a client. */
	reset(client: Client): void {
		this.blocked.unblock(client);
		this.pause.drop(client);
		this.pubSub.drop(client);
		this.tracking.disable(client);
		this.watches.clear(client);
		client.transaction = undefined;
	}

	keyChanged(db: Database, key: string, byCommand: boolean): void {
		this.dirty++;
		this.watches.keyChanged(db, key);
		this.tracking.keyChanged(key, byCommand ? (this.script ?? this.current) : undefined, this.current);
	}

	keyAdded(db: Database, key: string): void {
		this.blocked.keyAdded(db, key);
	}

	emptyDatabases(databases: readonly Database[]): void {
		for (const db of databases) {
			this.watches.flushing(db);
			this.dirty += db.size;
			db.clear();
		}
		this.tracking.flushed(this.current);
	}

	/** Evicts keys until memory is within its limit. Returns false if it is over the limit and no key can be evicted. */
	makeRoom(): boolean {
		if (this.config.maxMemory === 0) return true;
		return evict(
			this.databases,
			this.config,
			() => this.usedMemory,
			(db, {key}) => {
				db.remove(key);
				this.stats.evicted++;
				this.keyChanged(db, key, false);
			},
		);
	}

	/** The client has output to send at the end of the turn. */
	willFlush(client: Client): void {
		this.#unflushed.add(client);
	}

	/** The client is no longer blocked, and its waiting requests are handled at the end of the turn. */
	willProceed(client: Client): void {
		this.#proceeding.add(client);
	}

	/**
	 * Ends a turn of the event loop: one write for each client with output. As in Redis, the client whose output was added last
	 * comes first, so that an invalidation is sent before the reply to the client that made the change.
	 */
	flush(): void {
		do {
			const proceeding = [...this.#proceeding];
			this.#proceeding.clear();
			for (const client of proceeding) client.wire?.proceed();
			this.tracking.broadcast();
			const clients = [...this.#unflushed].reverse();
			this.#unflushed.clear();
			for (const client of clients) client.flush();
		} while (this.#proceeding.size > 0);
	}

	#tick(): void {
		this.now = milliseconds();
		this.stats.sample(this.now);
		if (this.activeExpiry) expireSome(this.databases);
		this.makeRoom();
		this.tracking.limit();
		if (this.config.timeout > 0) this.#dropIdle(this.config.timeout * 1000);
		this.flush();
	}

	/** Disconnects idle clients. Subscribers and blocked clients are waiting, and do not count as idle. */
	#dropIdle(afterMs: number): void {
		for (const client of this.clients.values()) {
			if (this.now - client.usedAt > afterMs && !client.isSubscriber && !client.blocked) client.drop();
		}
	}
}
