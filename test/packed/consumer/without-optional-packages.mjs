/** An application that has installed neither msgpackr nor prom-client. Its findings are JSON on standard output. */
import {RedisCache} from 'redis-cache-tui';

const nameOf = (error) => `${error.name}: ${error.message}`;
const errors = [];

// Generous, since the machine of a test run may be busy.
const cache = new RedisCache({url: process.argv[2], deadline: '10s'});
cache.on('error', ({error}) => errors.push(nameOf(error)));
await cache.ready('10s');
const foreign = await cache.get('written-with-msgpack');
await cache.set('own', {a: 1});
const own = await cache.get('own');
const prometheus = await cache.prometheus().catch(nameOf);
await cache.close();

let msgpack;
try {
	msgpack = new RedisCache({codec: 'msgpack'});
} catch (error) {
	msgpack = nameOf(error);
}
process.stdout.write(JSON.stringify({own, found: foreign !== undefined, errors, prometheus, msgpack}));
