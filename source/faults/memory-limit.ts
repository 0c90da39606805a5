import {Redis} from 'ioredis';
import type {BreakableServer} from './breakable-server.js';

/** Milliseconds in which the server must connect and answer. */
const answerMs = 1000;

/** A memory limit that was lowered; `restore` sets it back. */
type LoweredMemoryLimit = {restore(): Promise<void>};

/**
 * Sets the memory limit below what is in use and forbids eviction, so that the server refuses writes that need memory.
 */
export async function fillMemory(server: BreakableServer): Promise<LoweredMemoryLimit> {
	return withClient(server, async (client) => {
		const [limit, policy] = [await setting(client, 'maxmemory'), await setting(client, 'maxmemory-policy')];
		const used = Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0);
		// The policy comes first: with the old one, a low limit could make the server evict everything.
		await client.config('SET', 'maxmemory-policy', 'noeviction');
		await client.config('SET', 'maxmemory', String(Math.max(1, Math.floor(used / 2))));
		return {
			restore: () =>
				withClient(server, async (again) => {
					await again.config('SET', 'maxmemory', limit);
					await again.config('SET', 'maxmemory-policy', policy);
				}),
		};
	});
}

/** Runs `work` with a connection of its own, straight to the server, which is closed afterwards. */
async function withClient<T>(server: BreakableServer, work: (client: Redis) => Promise<T>): Promise<T> {
	const client = new Redis(server.url, {
		lazyConnect: true,
		commandTimeout: answerMs,
		connectTimeout: answerMs,
		retryStrategy: () => null,
	});
	client.on('error', () => {});
	try {
		await client.connect();
		return await work(client);
	} finally {
		client.disconnect();
	}
}

async function setting(client: Redis, name: string): Promise<string> {
	const reply: unknown = await client.config('GET', name);
	const value: unknown = Array.isArray(reply)
		? reply[1]
		: typeof reply === 'object' && reply !== null
			? Object.values(reply)[0]
			: undefined;
	if (typeof value !== 'string') throw new TypeError(`CONFIG GET ${name} did not answer with a value`);
	return value;
}
