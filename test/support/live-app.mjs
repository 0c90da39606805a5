/**
 * An application with caches that can be watched, as `redis-cache-tui attach` finds it. It prints a line when it is ready,
 * and then does what the lines of its standard input say: `close` its caches, `report` how its calls fare.
 *
 * Arguments: the URL of Redis, the option `inspect` as JSON for each cache, each in a namespace of its own.
 */
import {createInterface} from 'node:readline';
import {isMainThread, Worker, workerData} from 'node:worker_threads';
import {RedisCache} from '../../dist/index.js';

const [url, ...options] = workerData?.args ?? process.argv.slice(2);
const own = options.filter((option) => option !== 'worker');
const caches = own.map(
	(inspect, index) =>
		new RedisCache({
			url,
			inspect: JSON.parse(inspect),
			namespace: `shop${index}`,
			ttl: '1s',
			loader: {concurrency: 2, queue: 100},
		}),
);
if (isMainThread && options.includes('worker'))
	new Worker(new URL(import.meta.url), {workerData: {args: [url, ...own]}}).unref();

/** Longest time of a call, in milliseconds. */
let longestMs = 0;
let calls = 0;

async function load({key}) {
	await new Promise((resolve) => setTimeout(resolve, key === 'user:slow' ? 300 : 2));
	return {key, text: 'secret-of-the-shop'};
}

async function call(cache, key) {
	const startedAt = performance.now();
	await cache.getOrSet(key, load).catch(() => {});
	if (key !== 'user:slow') longestMs = Math.max(longestMs, performance.now() - startedAt);
	calls++;
}

const traffic = setInterval(() => {
	for (const cache of caches) void call(cache, `user:${Math.floor(Math.random() * 100)}`);
}, 10);
const slow = setInterval(() => void call(caches[0], 'user:slow'), 1500);
void call(caches[0], 'user:slow');

await Promise.all(caches.map((cache) => cache.ready('20s').catch(() => {})));
if (isMainThread) {
	const commands = {
		async close() {
			clearInterval(traffic);
			clearInterval(slow);
			await Promise.all(caches.map((cache) => cache.close()));
			process.stdin.destroy();
			process.stdout.write('closed\n');
		},
		report() {
			globalThis.gc?.();
			process.stdout.write(`${JSON.stringify({calls, longestMs, heap: process.memoryUsage().heapUsed})}\n`);
			longestMs = 0;
		},
	};
	createInterface({input: process.stdin}).on('line', (line) => void commands[line]?.());
	process.stdout.write('ready\n');
}
