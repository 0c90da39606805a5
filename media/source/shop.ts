import {setTimeout as sleep} from 'node:timers/promises';
import {Redis} from 'ioredis';

/** Callers that share a connection. */
const callersEach = 4;

/** A number below `max`, small ones more often: some products are popular. */
const popular = (max: number) => Math.floor(max ** Math.random());

/** One page of a shop with the faults that many applications have: nothing keeps loads of the same value apart, for one. */
async function showPage(redis: Redis): Promise<void> {
	const product = `product:${popular(3000)}`;
	if ((await redis.get(product)) === null) {
		await sleep(20);
		await redis.set(product, 'x'.repeat(200 + Math.random() * 900), 'EX', 300);
	}
	const session = `session:${popular(500)}`;
	if ((await redis.get(session)) === null) await redis.set(session, '{}', 'EX', 1800);
	if (Math.random() < 0.1) await redis.set(`cart:${popular(200)}:items`, '[]');
	if (Math.random() < 0.1) {
		const search = `search:${Math.floor(Math.random() * 1e6)}`;
		if ((await redis.get(search)) === null) await redis.set(search, 'x'.repeat(3000), 'EX', 60);
	}
	if (Math.random() < 0.02) await redis.del(product);
	if (Math.random() < 0.0005) await redis.keys('search:*');
}

/**
 * An application for pictures: a shop with a connection for each of five web servers and a worker.
 *
 * @returns a function that ends it.
 */
export function openShop(port: number): () => void {
	let isOpen = true;
	const names = [...Array.from({length: 5}, () => 'shop-web'), 'shop-worker'];
	const clients = names.map((connectionName) => new Redis({port, connectionName, maxRetriesPerRequest: null}));
	const shop = async (client: Redis) => {
		while (isOpen) {
			await showPage(client).catch(() => undefined);
			await sleep(Math.random() * 40);
		}
	};
	for (const client of clients) {
		client.on('error', () => {});
		for (let caller = 0; caller < callersEach; caller++) void shop(client);
	}
	return () => {
		isOpen = false;
		for (const client of clients) client.disconnect();
	};
}
