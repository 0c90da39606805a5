import {Redis} from 'ioredis';
import type {BreakableServer} from './breakable-server.js';

/** Milliseconds in which the server must connect and answer. */
const answerMs = 3000;

/** Runs `work` with a separate, direct connection to the server, which is closed afterwards. */
export async function withClient<T>(server: BreakableServer, work: (client: Redis) => Promise<T>): Promise<T> {
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
