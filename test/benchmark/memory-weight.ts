import {setTimeout} from 'node:timers/promises';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {bytesInUse} from './bytes-in-use.js';
import {type Shape, shapes} from './shapes.js';

/** Compares what the memory tier says that it holds with the memory that goes away when it is cleared. */
export async function showWeights(url: string): Promise<void> {
	const rows: string[] = [];
	for (const [name, shape] of Object.entries(shapes)) rows.push(await weigh(url, name, shape));
	const head = ['\n### Memory tier: bytes said and real, as set and after the first read\n'];
	head.push(
		'| values | set: said | real | ratio | read: said | real | ratio |',
		'| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
	);
	process.stdout.write(`${[...head, ...rows].join('\n')}\n`);
}

async function weigh(url: string, name: string, {make, count}: Shape): Promise<string> {
	const cache = new RedisCache({
		url,
		codec: isJson(make()) ? 'json' : 'msgpack',
		memory: {maxEntries: 1_000_000, maxBytes: 2 ** 32},
		ttl: '1h',
	});
	await cache.ready();
	for (let index = 0; index < count; index++) await cache.set(`${name} ${index}`, make());
	const saidSet = cache.stats().memory.bytes;
	const atSet = await settledBytes();
	for (let index = 0; index < count; index++) await cache.get(`${name} ${index}`);
	const saidRead = cache.stats().memory.bytes;
	const atRead = await settledBytes();
	await cache.clear();
	const empty = await settledBytes();
	await cache.close();
	const columns = [
		[saidSet, atSet - empty],
		[saidRead, atRead - empty],
	].flatMap(([said = 0, real = 0]) => [megabytes(said), megabytes(real), (said / real).toFixed(2)]);
	return `| ${[name, ...columns].join(' | ')} |`;
}

/** Without what the calls before have left behind: memory outside the heap is given back some time after a collection. */
async function settledBytes(): Promise<number> {
	for (let rounds = 0; rounds < 3; rounds++) {
		bytesInUse();
		await setTimeout(50);
	}
	return bytesInUse();
}

function isJson(value: unknown): boolean {
	return !(value instanceof Map || value instanceof Set || Buffer.isBuffer(value));
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}
