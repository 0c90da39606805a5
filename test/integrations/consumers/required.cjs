// An application that is no ES module.
const {RedisCache, RedisCacheError} = require('redis-cache-tui');
const {KeyvStore} = require('redis-cache-tui/keyv');
const {instrument} = require('redis-cache-tui/opentelemetry');
const {startRedis} = require('redis-cache-tui/testing');

const cache = new RedisCache({url: 'redis://127.0.0.1:1'});
process.on('warning', ({name, message}) => console.log(`${name}: ${message}`));
cache
	.getOrSet('key', () => 5)
	.then((value) => {
		console.log(value, typeof RedisCacheError, typeof KeyvStore, typeof instrument, typeof startRedis);
		return cache.close();
	});
