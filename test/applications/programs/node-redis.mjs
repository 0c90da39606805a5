// A Node.js application on node-redis, which caches on the client's side: node node-redis.mjs redis://127.0.0.1:6380
import {createClient, createClientPool} from 'redis';

const [url] = process.argv.slice(2);
const say = (what, value) => process.stdout.write(`${what}: ${JSON.stringify(value)}\n`);
const options = {url, RESP: 3, name: 'node-redis'};

const writer = await createClient(options).connect();
const cached = createClient({...options, clientSideCache: {ttl: 0, maxEntries: 1000, evictPolicy: 'LRU'}});
await cached.connect();

say('miss', await cached.get('user:1'));
await writer.set('user:1', 'Ann', {expiration: {type: 'EX', value: 60}});
/** Reads until the server has told the client that its copy is old. */
async function read(key, expected) {
	for (;;) {
		const value = await cached.get(key);
		if (value === expected) return value;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
say('invalidated', await read('user:1', 'Ann'));
const before = cached.clientSideCache.stats().hitCount;
for (let index = 0; index < 100; index++) await cached.get('user:1');
say('hits on the client', cached.clientSideCache.stats().hitCount - before);
for (let version = 0; version < 50; version++) {
	await writer.set('user:1', `version ${version}`);
	await read('user:1', `version ${version}`);
}
say('newest', await cached.get('user:1'));

say(
	'pipeline',
	await Promise.all(
		Array.from({length: 300}, (_, index) =>
			writer.set(`item:${index}`, index, {expiration: {type: 'PX', value: 60_000}}),
		),
	),
);
say('many', await writer.mGet(Array.from({length: 310}, (_, index) => `item:${index}`)));
say('transaction', await writer.multi().incr('counter').hSet('hash', {a: '1', b: '2'}).hGetAll('hash').exec());
say('error', await writer.hGet('counter', 'field').catch(({message}) => message));

const pool = createClientPool(options, {minimum: 2, maximum: 5});
await pool.connect();
say('pool', await Promise.all(Array.from({length: 50}, (_, index) => pool.get(`item:${index}`))));
say(
	'lost transaction',
	await pool.execute(async (client) => {
		await client.watch('counter');
		await writer.incr('counter');
		return client
			.multi()
			.set('counter', 0)
			.exec()
			.catch(({name}) => name);
	}),
);

const subscriber = await writer.duplicate().connect();
const messages = [];
await subscriber.pSubscribe('news.*', (text, channel) => messages.push([channel, text]));
for (let index = 0; index < 20; index++) await writer.publish(`news.${index % 3}`, `message ${index}`);
while (messages.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
say('messages', messages);
// In RESP3 a subscriber may send any command.
say('usable', await subscriber.get('counter'));

setTimeout(() => writer.lPush('queue', 'job'), 100);
say('blocking', await pool.blPop('queue', 10));
let keys = 0;
for await (const page of writer.scanIterator({MATCH: 'item:*', COUNT: 50})) keys += page.length;
say('keys', keys);
say('doubles', [await writer.zAdd('scores', {score: 1.5, value: 'a'}), await writer.zScore('scores', 'a')]);

await Promise.all([cached.close(), writer.close(), subscriber.close(), pool.close()]);
say('closed', true);
