import {Redis} from 'ioredis';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {startRedisProcess} from '../support/redis-process.js';
import {openGlide} from './peers/glide.js';
import {compete, perSecond, ratioTable, type Standing, table} from './rounds.js';

const value = 'x'.repeat(100);
const ttlMs = 3_600_000;
const keyOf = (index: number): string => `key:${index % 10_000}`;

/** Measures writes of 100 bytes to Redis. */
export async function run(): Promise<void> {
	const redis = await startRedisProcess();
	const cache = new RedisCache({url: redis.url, ttl: '1h'});
	await cache.ready('30s');
	const plain = new Redis(redis.url);
	const glide = await openGlide([redis]);
	const byCallers = new Map<number, readonly Standing[]>();
	for (const callers of [1, 64, 512]) {
		const calls = callers === 1 ? 5000 : 30_000;
		const standings = await compete(
			[
				{name: 'redis-cache-tui', run: () => perSecond(callers, calls, (index) => cache.set(keyOf(index), value))},
				{
					name: 'ioredis SET',
					run: () => perSecond(callers, calls, (index) => plain.set(keyOf(index), JSON.stringify(value), 'PX', ttlMs)),
				},
				...(glide === undefined
					? []
					: [
							{
								name: 'valkey-glide SET',
								run: () => perSecond(callers, calls, (index) => glide.set(keyOf(index), JSON.stringify(value), ttlMs)),
							},
						]),
			],
			7,
		);
		byCallers.set(callers, standings);
		process.stdout.write(`${table(`Write to Redis, ${callers} callers`, standings)}\n`);
	}
	process.stdout.write(ratioTable('`set`: our calls a second, as a multiple of', byCallers));
	await cache.close();
	glide?.close();
	plain.disconnect();
	await redis.close();
}
