import type {Database} from '../store/database.js';
import type {Client} from './client.js';

/** Keys watched by clients for their transactions. */
export class Watches {
	readonly #watchers = new Map<Database, Map<string, Set<Client>>>();

	add(client: Client, key: string): void {
		const {db} = client;
		if (client.watched.some((watched) => watched.db === db && watched.key === key)) return;
		const entry = db.raw(key);
		client.watched.push({db, key, wasExpired: entry !== undefined && db.hasExpired(entry)});
		let keys = this.#watchers.get(db);
		if (!keys) {
			keys = new Map();
			this.#watchers.set(db, keys);
		}
		const clients = keys.get(key);
		if (clients) clients.add(client);
		else keys.set(key, new Set([client]));
	}

	clear(client: Client): void {
		for (const {db, key} of client.watched) {
			const keys = this.#watchers.get(db);
			const clients = keys?.get(key);
			clients?.delete(client);
			if (clients?.size === 0) keys?.delete(key);
		}
		client.watched = [];
		client.watchBroken = false;
	}

	keyChanged(db: Database, key: string): void {
		const clients = this.#watchers.get(db)?.get(key);
		if (clients) for (const client of clients) client.watchBroken = true;
	}

	/** Call it before a database is emptied. */
	flushing(db: Database): void {
		for (const [key, clients] of this.#watchers.get(db) ?? []) {
			const entry = db.raw(key);
			if (!entry || db.hasExpired(entry)) continue;
			for (const client of clients) client.watchBroken = true;
		}
	}

	/** True if a key that the client watches has expired since. */
	hasExpired(client: Client): boolean {
		return client.watched.some(({db, key, wasExpired}) => {
			const entry = db.raw(key);
			return !wasExpired && entry !== undefined && db.hasExpired(entry);
		});
	}
}
