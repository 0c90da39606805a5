// Run by vitest and jest, which both have `test` and `expect` among their globals.
import {RedisCache} from 'redis-cache-tui';
import {KeyvStore} from 'redis-cache-tui/keyv';

test('a cache loads without a Redis', async () => {
	const cache = new RedisCache({url: 'redis://127.0.0.1:1'});
	expect(await cache.getOrSet('key', () => 5)).toBe(5);
	await cache.close();
});

test('an adapter stores without a Redis', async () => {
	const store = new KeyvStore({url: 'redis://127.0.0.1:1'});
	expect(await store.set('key', 'value', 1000)).toBe(true);
	expect(await store.get('key')).toBe('value');
	await store.disconnect();
});
