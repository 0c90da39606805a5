import {createCache} from 'async-cache-dedupe';
import {BentoCache, bentostore} from 'bentocache';
import {redisDriver} from 'bentocache/drivers/redis';
import {Redis} from 'ioredis';
import {createClient} from 'redis';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {startRedisProcess} from '../support/redis-process.js';
import {openGlide} from './peers/glide.js';
import {compete, perSecond, ratioTable, type Standing, table} from './rounds.js';

const count = 10_000;
const value = 'x'.repeat(100);
const keyOf = (index: number): string => `key:${index % count}`;
const parse = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

/** Measures hits in Redis: distinct keys, no memory tier, values of 100 bytes. */
export async function run(): Promise<void> {
	const redis = await startRedisProcess();
	const cache = new RedisCache({url: redis.url, memory: false, ttl: '1h'});
	await cache.ready('30s');
	const plain = new Redis(redis.url);
	const piped = new Redis({host: redis.host, port: redis.port, enableAutoPipelining: true});
	const node = await createClient({url: redis.url}).connect();
	const nodeUntimed = await createClient({url: redis.url, commandOptions: {timeout: undefined}} as object).connect();
	const bento = new BentoCache({
		default: 'redis',
		stores: {redis: bentostore().useL2Layer(redisDriver({connection: {host: redis.host, port: redis.port}}))},
	});
	const dedupe = createCache({ttl: 3600, storage: {type: 'redis', options: {client: plain as never}}});
	const deduped = dedupe.define('user', async () => value) as unknown as {user: (key: string) => Promise<unknown>};
	for (let index = 0; index < count; index++) {
		await cache.set(keyOf(index), value);
		await plain.set(keyOf(index), JSON.stringify(value));
		await bento.set({key: keyOf(index), value, ttl: '1h'});
	}
	const glide = await openGlide([redis]);
	for (let index = 0; index < count; index++) await deduped.user(keyOf(index));
	const byCallers = new Map<number, readonly Standing[]>();
	for (const callers of [1, 64, 512]) {
		const calls = callers === 1 ? 5000 : 40_000;
		const contestant = (name: string, call: (index: number) => unknown, share = 1) => ({
			name,
			run: () => perSecond(callers, calls * share, call),
		});
		const standings = await compete(
			[
				contestant('redis-cache-tui', (index) => cache.get(keyOf(index))),
				contestant('ioredis GET', async (index) => parse(await plain.get(keyOf(index)))),
				contestant('ioredis GET, auto-pipelining', async (index) => parse(await piped.get(keyOf(index)))),
				contestant('node-redis GET', async (index) => parse(await node.get(keyOf(index)))),
				contestant('node-redis GET, no command timeout', async (index) => parse(await nodeUntimed.get(keyOf(index)))),
				...(glide === undefined
					? []
					: [contestant('valkey-glide GET', async (index) => parse(await glide.get(keyOf(index))))]),
				contestant('bentocache', (index) => bento.get({key: keyOf(index)}), 0.5),
				contestant('async-cache-dedupe', (index) => deduped.user(keyOf(index)), 0.5),
			],
			7,
		);
		byCallers.set(callers, standings);
		process.stdout.write(`${table(`Hit in Redis, ${callers} callers`, standings)}\n`);
	}
	process.stdout.write(ratioTable('`get`: our calls a second, as a multiple of', byCallers));
	await Promise.all([cache.close(), bento.disconnectAll(), node.close(), nodeUntimed.close()]);
	glide?.close();
	plain.disconnect();
	piped.disconnect();
	await redis.close();
}
