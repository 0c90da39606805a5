import type {Redis} from 'ioredis';
import type {BreakableServer} from './breakable-server.js';
import {withClient} from './with-client.js';

/** A memory limit that was lowered; `restore` sets it back. */
type LoweredMemoryLimit = {restore(): Promise<void>};

/** Sets the memory limit below the used memory and forbids eviction, so that the server refuses writes that need memory. */
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
