import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';

const fixture = redisFixture();

describe('namespaces', () => {
	it('have their own keys, tags and clear', async () => {
		const cache = await fixture.open();
		const users = cache.namespace('users');
		const again = cache.namespace('users');
		await cache.set('k', 'default', {tags: ['t']});
		await users.set('k', 'users', {tags: ['t']});
		expect(await again.get('k')).toBe('users');
		await users.invalidateTags(['t']);
		expect(await again.get('k')).toBeUndefined();
		expect(await cache.get('k')).toBe('default');
		await users.set('k', 'users');
		await cache.clear();
		expect(await cache.get('k')).toBeUndefined();
		expect(await again.get('k')).toBe('users');
	});

	it('of the same name share their keys, and do not nest', async () => {
		const cache = await fixture.open({namespace: 'mine'});
		await cache.set('k', 1);
		expect(await cache.namespace('mine').get('k')).toBe(1);
		expect(await cache.namespace('other').namespace('mine').get('k')).toBe(1);
	});

	it('under different prefixes are separate', async () => {
		const one = await fixture.open({prefix: 'one'});
		const two = await fixture.open({prefix: 'two'});
		await one.set('k', 1);
		expect(await two.get('k')).toBeUndefined();
		await two.clear();
		expect(await one.get('k')).toBe(1);
	});
});
