import {afterAll, afterEach, beforeAll, expect, it} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {gate} from '../../support/gate.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {createServerClock, describeClocks, type ServerClockControl} from '../../support/server-clock.js';
import {until} from '../../support/until.js';

describeClocks('a cluster whose clocks differ', () => {
	const caches: RedisCache[] = [];
	let clocks: ServerClockControl[] = [];
	let cluster: RedisCluster;

	beforeAll(async () => {
		clocks = Array.from({length: 3}, createServerClock);
		cluster = await startRedisCluster(clocks.map(({env}) => env));
	});
	afterEach(async () => {
		await Promise.all(caches.splice(0).map((cache) => cache.close()));
	});
	afterAll(async () => {
		await cluster.close();
		for (const clock of clocks) clock.close();
	});

	/** Trusts nothing without asking Redis. */
	const open = async (prefix: string): Promise<RedisCache> => {
		const cache = new RedisCache({url: cluster.url, prefix, deadline: '1s', memory: false, ttl: {jitter: 0}});
		caches.push(cache);
		await cache.ready('30s');
		return cache;
	};
	const keys = Array.from({length: 12}, (_, index) => `k${index}`);

	it.each([
		[0, 6, -6],
		[0, 250, -250],
	])(
		'by %d, %d and %d ms: clear and invalidateTags hide what was there, and nothing that comes after',
		async (...ms) => {
			for (const [index, clock] of clocks.entries()) clock.set(ms[index] ?? 0);
			const prefix = `skew${ms[1]}`;
			const [cache, other] = [await open(prefix), await open(prefix)];
			for (const invalidate of [() => cache.clear(), () => cache.invalidateTags(['t'])]) {
				for (const round of [1, 2]) {
					const stored = await cache.setMany(
						keys.map((key) => [key, round]),
						{tags: ['t']},
					);
					expect(stored).toEqual({stored: 'redis'});
					expect((await cache.getMany(keys)).size).toBe(12);
					expect(await invalidate()).toEqual({stored: 'redis'});
					expect((await cache.getMany(keys)).size).toBe(0);
					expect((await (await open(prefix)).getMany(keys)).size).toBe(0);
				}
			}
			expect((await other.getMany(keys)).size).toBe(0);
		},
	);

	it('by 250 ms: no loader stores a row that was read before an invalidation', async () => {
		for (const [index, clock] of clocks.entries()) clock.set([0, 250, -250][index] ?? 0);
		const [cache, other] = [await open('fills'), await open('fills')];
		const {promise, open: release} = gate<string>();
		let begun = 0;
		const loads = keys.map((key) =>
			cache.getOrSet(
				key,
				() => {
					begun++;
					return promise;
				},
				{tags: ['t']},
			),
		);
		await until(() => begun === keys.length, 'all loaders have read their rows');
		expect(await other.invalidateTags(['t'])).toEqual({stored: 'redis'});
		release('old');
		await Promise.all(loads);
		expect((await other.getMany(keys)).size).toBe(0);
		for (const key of keys) await other.getOrSet(key, () => 'new', {tags: ['t']});
		expect(await cache.getMany(keys)).toEqual(new Map(keys.map((key) => [key, 'new'])));
	});

	it('by five seconds, with a deadline of one: every change reaches Redis, and so does what is stored after a step', async () => {
		for (const [index, clock] of clocks.entries()) clock.set([0, 5000, -5000][index] ?? 0);
		const cache = await open('deadlines');
		const many = Array.from({length: 200}, (_, index) => `k${index}`);
		expect(await cache.setMany(many.map((key) => [key, 'old']))).toEqual({stored: 'redis'});
		const steps: (string | undefined)[] = [];
		cache.on('clockStep', ({node}) => steps.push(node));
		for (const [index, clock] of clocks.entries()) clock.set([0, -5000, 5000][index] ?? 0);
		// The first scripts may come too late for the new time; each tells it to the next.
		await until(
			async () => (await cache.setMany(many.map((key) => [key, 'new']))).stored === 'redis',
			'all are stored',
		);
		const late = await open('deadlines');
		await until(async () => (await late.getMany(many)).size === 200, 'all are read');
		expect(new Set(steps).size).toBe(2);
		expect(steps).not.toContain(undefined);
		expect(cache.stats().mode.mode).toBe('connected');
	});
});
