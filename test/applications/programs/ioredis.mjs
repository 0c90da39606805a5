// A Node.js application on ioredis: node ioredis.mjs redis://127.0.0.1:6380
import {once} from 'node:events';
import {Redis} from 'ioredis';

const [url] = process.argv.slice(2);
const say = (what, value) => process.stdout.write(`${what}: ${JSON.stringify(value)}\n`);
const open = (options) => new Redis(url, {connectionName: 'ioredis', ...options});
const redis = open();

say('miss', await redis.get('user:1'));
say('set', await redis.set('user:1', 'Ann', 'EX', 60));
say('hit', await redis.get('user:1'));
say('binary', (await redis.getBuffer('user:1')).toString('hex'));
say('error', await redis.hget('user:1', 'field').catch(({message}) => message));
say('unknown', await redis.call('NO-SUCH-COMMAND', 'a').catch(({message}) => message));

const pipeline = redis.pipeline();
for (let index = 0; index < 500; index++) pipeline.set(`item:${index}`, `value ${index}`, 'PX', 60_000);
for (let index = 0; index < 1000; index++) pipeline.get(`item:${index}`);
say('pipeline', (await pipeline.exec()).map(([error, value]) => error?.message ?? value).slice(480, 1010));

const auto = open({enableAutoPipelining: true});
say('automatic pipeline', await Promise.all(Array.from({length: 300}, (_, index) => auto.get(`item:${index}`))));

say('transaction', await redis.multi().incr('counter').hset('hash', 'a', 1).hgetall('hash').exec());
say('broken transaction', await redis.multi().incr('user:1').get('user:1').exec());
await redis.watch('counter');
await auto.incr('counter');
say('lost transaction', await redis.multi().set('counter', 0).exec());

redis.defineCommand('both', {
	numberOfKeys: 2,
	lua: "return {redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]), ARGV[1]}",
});
say('script', [await redis.both('user:1', 'nobody', 'x'), await redis.both('user:1', 'counter', 'y')]);

const large = 'v'.repeat(3_000_000);
await redis.set('large', large, 'EX', 60);
say('large', (await redis.get('large')) === large);

const subscriber = open();
await subscriber.subscribe('news', 'weather');
const messages = [];
subscriber.on('message', (channel, text) => messages.push([channel, text]));
for (let index = 0; index < 20; index++) await redis.publish(index % 3 ? 'news' : 'weather', `message ${index}`);
while (messages.length < 20) await once(subscriber, 'message');
say('messages', messages);
say('unsubscribed', await subscriber.unsubscribe());
say('usable again', await subscriber.get('user:1'));

const waiting = auto.duplicate().blpop('queue', 10);
setTimeout(() => redis.rpush('queue', 'job'), 100);
say('blocking', await waiting);
say('blocking in vain', await redis.blpop('empty', 0.1));
await redis.xadd('stream', '1-1', 'field', 'value');
say('stream', await redis.xread('BLOCK', 100, 'STREAMS', 'stream', '0'));

let keys = 0;
for await (const page of redis.scanStream({match: 'item:*', count: 50})) keys += page.length;
say('keys', keys);

const resp2 = open({protocol: 2, db: 3});
say('another database', [await resp2.set('here', 1), await resp2.get('here'), await redis.get('here')]);
say('types', [
	await redis.config('GET', 'maxmemory'),
	await redis.zadd('scores', 1.5, 'a'),
	await redis.zscore('scores', 'a'),
]);

const monitor = await redis.monitor();
const seen = new Promise((resolve) => {
	monitor.on('monitor', (_, words) => words[1] === 'watched' && resolve(words));
});
await auto.get('watched');
say('monitor', await seen);
// Connecting again, ioredis takes the line of another client's command for a reply to its own.
monitor.disconnect();

say('killed', await redis.client('KILL', 'SKIPME', 'yes', 'TYPE', 'normal').then((count) => count > 0));
say('connected again', await auto.get('user:1'));
say('quit', await redis.quit());
process.exit();
