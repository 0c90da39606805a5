import {jest} from '@jest/globals';
import {RedisCache} from 'redis-cache-tui';

test('a cache loads without a Redis, and its TTLs go by the real time', async () => {
	jest.useFakeTimers({doNotFake: ['nextTick', 'queueMicrotask']});
	const cache = new RedisCache({url: 'redis://127.0.0.1:1'});
	expect(await cache.getOrSet('key', () => 5)).toBe(5);
	jest.advanceTimersByTime(3_600_000);
	expect(await cache.get('key')).toBe(5);
	await cache.close();
});
