import {Redis} from 'ioredis';
import {createClient} from 'redis';
import {describe, expect, it} from 'vitest';
import {until} from '../support/until.js';
import {TapFixture} from './support/tap-fixture.js';

describe('clients that do not notice the tap:', () => {
	const unreadable: string[] = [];
	const fixture = new TapFixture({onUnreadable: (reason) => unreadable.push(reason)});

	it('ioredis with a pipeline, a transaction, a blocking read, channels, a script and another database', async () => {
		const {port} = fixture.tap.proxy;
		const client = new Redis({port, connectionName: 'shop', db: 2});
		const other = client.duplicate();
		const pipeline = await client
			.pipeline()
			.set('cart:1', 'a', 'PX', 60_000)
			.get('cart:1')
			.mget('cart:1', 'cart:2')
			.exec();
		expect(pipeline?.map(([, reply]) => reply)).toEqual(['OK', 'a', ['a', null]]);
		const transaction = await client.multi().hset('user:7', {name: 'x'}).hgetall('user:7').get('no').exec();
		expect(transaction?.map(([, reply]) => reply)).toEqual([1, {name: 'x'}, null]);
		const popped = client.blpop('jobs', 5);
		await until(() => fixture.tap.snapshot().connections.busy === 1, 'the read to wait');
		await other.rpush('jobs', 'job');
		expect(await popped).toEqual(['jobs', 'job']);
		expect(await client.eval('return redis.call("GET", KEYS[1])', 1, 'cart:1')).toBe('a');
		const received = new Promise((resolve) => other.once('message', (...message) => resolve(message)));
		await other.subscribe('news');
		await client.publish('news', 'hello');
		expect(await received).toEqual(['news', 'hello']);
		await Promise.all([client.quit(), other.quit()]);

		const {patterns, commands, connections, reads} = fixture.tap.snapshot();
		expect(unreadable).toEqual([]);
		expect(commands.lost).toBe(0);
		expect(connections.clients.find(({name}) => name === 'shop')?.commands).toBeGreaterThan(10);
		expect(patterns.find(({pattern}) => pattern === 'cart:*')).toMatchObject({reads: 3, hits: 2, misses: 1, writes: 1});
		expect(reads).toMatchObject({hits: 3, misses: 2});
		for (const name of ['EXEC', 'BLPOP', 'EVAL', 'SUBSCRIBE', 'PUBLISH', 'SELECT'])
			expect(commands.byName.map((command) => command.name)).toContain(name);
	});

	it('node-redis with a cache of its own, kept coherent by pushes', async () => {
		const {port} = fixture.tap.proxy;
		const client = createClient({
			socket: {port},
			RESP: 3,
			clientSideCache: {ttl: 0, maxEntries: 0, evictPolicy: 'LRU'},
		});
		client.on('error', () => undefined);
		await client.connect();
		const other = new Redis({port});
		await other.set('page:1', 'old');
		expect(await client.get('page:1')).toBe('old');
		const asked = fixture.tap.snapshot().commands.byName.find(({name}) => name === 'GET')?.count;
		expect(await client.get('page:1')).toBe('old');
		expect(fixture.tap.snapshot().commands.byName.find(({name}) => name === 'GET')?.count).toBe(asked);
		await other.set('page:1', 'new');
		await until(async () => (await client.get('page:1')) === 'new', 'the invalidation to arrive');
		client.destroy();
		await other.quit();
		expect(unreadable).toEqual([]);
	});
});
