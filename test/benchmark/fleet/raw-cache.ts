import {Redis} from 'ioredis';

/** What the fleet needs of a cache. */
export type FleetCache = {
	get(key: string): Promise<unknown>;
	set(key: string, value: string): Promise<unknown>;
	getOrSet(key: string, load: () => string): Promise<unknown>;
	counters(): {hitsMemory: number; hitsRedis: number; misses: number; failed: number};
	close(): Promise<void>;
};

const ttlMs = 3_600_000;

/**
 * The floor for a cache: bare commands, without deadlines, versions, leases, markers and questions.
 *
 * @param hasMemory With a `Map` in front of them, and default tracking of what the connection for commands reads. A reply that a
 * change has overtaken stays in the map.
 */
export async function openRawCache(url: string, hasMemory: boolean): Promise<FleetCache> {
	const commands = new Redis(url);
	const messages = new Redis(url);
	const values = new Map<string, string>();
	const counters = {hitsMemory: 0, hitsRedis: 0, misses: 0, failed: 0};
	await commands.ping();
	if (hasMemory) {
		const id = await messages.client('ID');
		await messages.subscribe('__redis__:invalidate');
		messages.on('message', (_channel, keys: readonly string[] | null) => {
			for (const key of keys ?? []) values.delete(key);
		});
		await commands.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', String(id));
	}
	const cache: FleetCache = {
		async get(key) {
			const held = values.get(key);
			if (held !== undefined) {
				counters.hitsMemory++;
				return held;
			}
			const value = await commands.get(key);
			if (value === null) counters.misses++;
			else {
				counters.hitsRedis++;
				if (hasMemory) values.set(key, value);
			}
			return value;
		},
		async set(key, value) {
			values.delete(key);
			await commands.set(key, value, 'PX', ttlMs);
		},
		async getOrSet(key, load) {
			const found = await cache.get(key);
			if (found !== null) return found;
			const value = load();
			await cache.set(key, value);
			return value;
		},
		counters: () => counters,
		async close() {
			commands.disconnect();
			messages.disconnect();
		},
	};
	return cache;
}
