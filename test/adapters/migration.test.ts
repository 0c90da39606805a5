import {beforeAll, describe, expect, it} from 'vitest';
import {asked, type User} from '../cache/recipes/database.js';
import {redisFixture} from '../support/cache-fixture.js';

const fixture = redisFixture();
const libraries = ['ioredis', 'bentocache', 'cacheable', 'cache-manager', 'keyv'];

type Application = {
	readonly findUser: (id: string) => Promise<User | undefined>;
	readonly changeUser: (user: User) => Promise<void>;
	readonly changeTeam?: (team: string) => Promise<unknown>;
	readonly close: () => Promise<unknown>;
};

beforeAll(() => {
	process.env.REDIS_URL = fixture.redis.url;
});

describe('the guide to migration', () => {
	it.for(libraries.flatMap((name) => [`${name}.before`, `${name}.after`]))(
		'has %s, which caches, and forgets what is changed',
		async (name) => {
			const {findUser, changeUser, changeTeam, close}: Application = await import(`./migration/${name}.ts`);
			await changeUser({id: '1', name: 'Ada', team: 'blue'});
			const before = asked.count;
			const found = [await findUser('1'), await findUser('1')];
			expect(found).toEqual(Array(2).fill({id: '1', name: 'Ada', team: 'blue'}));
			expect(asked.count).toBe(before + 1);
			await changeUser({id: '1', name: 'Grace', team: 'blue'});
			expect((await findUser('1'))?.name).toBe('Grace');
			if (changeTeam !== undefined) {
				await changeTeam('blue');
				await findUser('1');
				expect(asked.count).toBe(before + 3);
			}
			await close();
		},
	);
});
