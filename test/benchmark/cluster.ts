import {Cluster} from 'ioredis';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {startRedisCluster} from '../support/redis-cluster.js';
import {coherenceLagTable} from './cluster/coherence-lag.js';
import type {BenchmarkOptions} from './options.js';
import {openGlide} from './peers/glide.js';
import {type Contestant, compete, perSecond, ratioTable, type Standing, table} from './rounds.js';

const value = 'x'.repeat(100);
const ttlMs = 3_600_000;
const keyCount = 10_000;
const keyOf = (index: number): string => `key:${index % keyCount}`;
const parse = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

/** Cache-aside as an application does it without a cache library: it reads, and where there is nothing it loads and writes. */
async function readThrough(client: Pick<Cluster, 'get' | 'set'>, key: string): Promise<unknown> {
	const text = await client.get(key);
	if (text !== null) return JSON.parse(text);
	await client.set(key, JSON.stringify(value), 'PX', ttlMs);
	return value;
}

/** Measures how soon other processes see changes, and hits, writes and loads on three masters against a bare client: distinct keys, no memory tier, values of 100 bytes. */
export async function run({rounds = 5}: BenchmarkOptions): Promise<void> {
	const cluster = await startRedisCluster();
	process.stdout.write(`${await coherenceLagTable(cluster.url, rounds)}\n`);
	const cache = new RedisCache({url: cluster.url, memory: false, ttl: '1h'});
	await cache.ready('30s');
	const bare = new Cluster(cluster.nodes.map(({host, port}) => ({host, port})));
	const piped = new Cluster(
		cluster.nodes.map(({host, port}) => ({host, port})),
		{enableAutoPipelining: true},
	);
	const glide = await openGlide(cluster.nodes, 'GlideClusterClient');
	for (let index = 0; index < keyCount; index++) {
		await cache.set(keyOf(index), value);
		await bare.set(keyOf(index), JSON.stringify(value), 'PX', ttlMs);
	}
	let fresh = 0;
	const all = {get: new Map<number, readonly Standing[]>(), set: new Map(), getOrSet: new Map()};
	for (const callers of [1, 64, 512]) {
		const calls = callers === 1 ? 2000 : 20_000;
		const contestant = (name: string, call: (index: number) => unknown, share = 1): Contestant => ({
			name,
			run: () => perSecond(callers, calls * share, call),
		});
		const gets = [
			contestant('redis-cache-tui', (index) => cache.get(keyOf(index))),
			contestant('ioredis.Cluster GET', async (index) => parse(await bare.get(keyOf(index)))),
			contestant('ioredis.Cluster GET, auto-pipelining', async (index) => parse(await piped.get(keyOf(index)))),
		];
		const sets = [
			contestant('redis-cache-tui', (index) => cache.set(keyOf(index), value)),
			contestant('ioredis.Cluster SET', (index) => bare.set(keyOf(index), JSON.stringify(value), 'PX', ttlMs)),
		];
		if (glide !== undefined) {
			gets.push(contestant('valkey-glide GET', async (index) => parse(await glide.get(keyOf(index)))));
			sets.push(contestant('valkey-glide SET', (index) => glide.set(keyOf(index), JSON.stringify(value), ttlMs)));
		}
		// Each key once. The bare client does not keep others from loading the same key, or a load from storing an old value.
		const loads = [
			contestant('redis-cache-tui', () => cache.getOrSet(`new:${fresh++}`, () => value), 0.25),
			contestant('ioredis.Cluster GET, SET', () => readThrough(bare, `new:${fresh++}`), 0.25),
		];
		for (const [name, contestants] of Object.entries({get: gets, set: sets, getOrSet: loads})) {
			const standings = await compete(contestants, rounds);
			all[name as keyof typeof all].set(callers, standings);
			process.stdout.write(`${table(`\`${name}\` in a cluster, ${callers} callers`, standings)}\n`);
		}
	}
	for (const [name, byCallers] of Object.entries(all))
		process.stdout.write(ratioTable(`\`${name}\` in a cluster: our calls a second, as a multiple of`, byCallers));
	glide?.close();
	await cache.close();
	bare.disconnect();
	piped.disconnect();
	await cluster.close();
}
