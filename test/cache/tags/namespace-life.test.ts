import {Redis} from 'ioredis';
import {describe, expect, it, type TestContext} from 'vitest';
import type {TtlPolicy} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {namespaceLifeOf} from '../../../source/cache/tags/marker.js';
import {startRedisProcess} from '../../support/redis-process.js';

const dayMs = 86_400_000;
const brief: TtlPolicy = {default: '5s', max: '10s', grace: '10s'};

describe('the generation and the counter of a namespace', () => {
	it('live longer than any entry, and are renewed in time', () => {
		expect(namespaceLifeOf(30 * dayMs)).toEqual({lifeMs: 31 * dayMs, renewBelowMs: 30.5 * dayMs, checkMs: 3_600_000});
		for (const longestMs of [0, 1000, 60_000, dayMs, 20 * dayMs, 30 * dayMs]) {
			const {lifeMs, renewBelowMs, checkMs} = namespaceLifeOf(longestMs);
			expect(lifeMs).toBeGreaterThan(renewBelowMs);
			// One that is found to have just enough left outlives what is written until the next check.
			expect(renewBelowMs - checkMs).toBeGreaterThanOrEqual(longestMs);
		}
	});

	/** Opens a server, and returns how many milliseconds the two have left there. */
	async function open({onTestFinished}: Pick<TestContext, 'onTestFinished'>) {
		const server = await startRedisProcess();
		onTestFinished(server.close);
		const redis = new Redis(server.url);
		onTestFinished(() => redis.disconnect());
		return {
			async openCache(ttl: TtlPolicy): Promise<RedisCache> {
				const cache = new RedisCache({url: server.url, ttl, deadline: '2s'});
				onTestFinished(() => cache.close());
				await cache.ready(30_000);
				return cache;
			},
			async left(): Promise<readonly number[]> {
				const keys = await redis.keys('rct:!*default*');
				return Promise.all(keys.map((key) => redis.pttl(key)));
			},
		};
	}

	it('do not live much longer than the entries of their cache', async (context) => {
		const {openCache, left} = await open(context);
		const cache = await openCache(brief);
		await cache.set('k', 'v', {tags: ['t']});
		await cache.invalidateTags(['t']);
		await cache.clear();
		const lives = await left();
		expect(lives.length).toBeGreaterThanOrEqual(2);
		for (const ms of lives) expect(ms).toBeLessThanOrEqual(namespaceLifeOf(20_000).lifeMs);
	});

	it('are not cut short by another cache whose entries live briefly', async (context) => {
		const {openCache, left} = await open(context);
		const [long, short] = [await openCache({default: '1d'}), await openCache(brief)];
		await long.set('k', 'v', {tags: ['t']});
		await short.invalidateTags(['t']);
		await short.clear();
		const lives = await left();
		// The tag's own marker lives as long as its entry.
		expect(lives.filter((ms) => ms > 30 * dayMs)).toHaveLength(2);
	});
});
