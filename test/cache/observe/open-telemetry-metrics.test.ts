import {readFile} from 'node:fs/promises';
import type {DataPoint, Histogram} from '@opentelemetry/sdk-metrics';
import {describe, expect, it} from 'vitest';
import {instrument} from '../../../source/open-telemetry/instrument.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {openTelemetryFixture} from '../support/open-telemetry.js';

const fixture = redisFixture();
const {exporter, tracerProvider, meterProvider, follow, collect} = openTelemetryFixture();

describe('OpenTelemetry metrics', () => {
	it('are taken from the snapshot at each collection', async () => {
		const cache = await fixture.open();
		follow(cache, {attributes: {'redis_cache.name': 'sessions'}});
		await cache.set('a', 1);
		await cache.get('missing');
		const pointsOf = await collect();
		const [misses] = pointsOf('redis_cache.misses');
		expect(misses).toMatchObject({
			value: 1,
			attributes: {'db.system.name': 'redis', 'server.port': fixture.redis.port, 'redis_cache.name': 'sessions'},
		});
		const modes = pointsOf('redis_cache.mode');
		expect(modes.map(({value, attributes}) => [attributes['redis_cache.mode'], value])).toEqual([
			['connected', 1],
			['fallback', 0],
			['recovering', 0],
		]);
		const hits = pointsOf('redis_cache.hits');
		expect(hits.map(({attributes}) => attributes['redis_cache.source'])).toEqual(['memory', 'redis']);
		const connections = pointsOf('db.client.connection.count');
		expect(connections.map(({attributes}) => attributes)).toEqual([
			expect.objectContaining({
				'db.client.connection.state': 'used',
				'db.client.connection.pool.name': `127.0.0.1:${fixture.redis.port}/0`,
			}),
			expect.objectContaining({'db.client.connection.state': 'idle'}),
		]);
	});

	it('have the names that clients of Redis give to a cache on their side', async () => {
		const cache = await fixture.open({deadline: '5s', memory: {maxEntries: 2}, url: `${fixture.redis.url}/6`});
		follow(cache);
		for (const key of ['a', 'b', 'c']) await cache.set(key, 1);
		await cache.get('missing');
		const wasInMemory = async () => (await cache.get('c')) === 1 && cache.stats().counters.hitsMemory > 0;
		await until(wasInMemory, 'memory answers');
		const {hitsRedis, misses} = cache.stats().counters;
		const pointsOf = await collect();
		const ownOf = (name: string, attribute: string) =>
			pointsOf(name)
				.filter(({attributes}) => attributes['db.namespace'] === '6')
				.map(({attributes, value}) => [attributes[attribute], value]);
		expect(ownOf('redis.client.csc.requests', 'redis.client.csc.result')).toEqual([
			['hit', 1],
			['miss', hitsRedis + misses],
		]);
		expect(ownOf('redis.client.csc.evictions', 'redis.client.csc.reason')).toEqual([['full', 1]]);
		expect(ownOf('redis.client.csc.items', 'none')).toEqual([[undefined, 2]]);
		// The value is one byte of JSON.
		expect(ownOf('redis.client.csc.network_saved', 'none')).toEqual([[undefined, 1]]);
	});

	it('measure calls and loads separately, in seconds', async () => {
		const cache = await fixture.open();
		follow(cache);
		await cache.set('a', 1);
		await cache.getOrSet('b', () => new Promise<number>((resolve) => setTimeout(() => resolve(2), 30)));
		const pointsOf = await collect();
		const calls = pointsOf('db.client.operation.duration') as readonly DataPoint<Histogram>[];
		const own = calls.filter(({attributes}) => attributes['server.port'] === fixture.redis.port);
		expect(own.map(({attributes}) => attributes['db.operation.name'])).toContain('set');
		expect(own.map(({attributes}) => attributes['db.operation.name'])).not.toContain('getOrSet');
		for (const {value} of own) expect(value.max).toBeLessThan(1);
		const loads = pointsOf('redis_cache.load.duration') as readonly DataPoint<Histogram>[];
		expect(loads.some(({value}) => (value.max ?? 0) >= 0.025 && (value.max ?? 0) < 5)).toBe(true);
	});

	it('are all in the guide, with their attributes', async () => {
		const cache = await fixture.open();
		follow(cache);
		await cache.set('secret-key', 1, {tags: ['secret-tag']});
		await cache.getOrSet('secret-key-2', () => 1);
		await expect(cache.getOrSet('secret-key-3', () => Promise.reject(new Error('secret')))).rejects.toThrow();
		const pointsOf = await collect();
		const exported = exporter
			.getMetrics()
			.flatMap(({scopeMetrics}) => scopeMetrics)
			.flatMap((scope) => scope.metrics.map(({descriptor}) => descriptor.name));
		expect(new Set(exported).size).toBeGreaterThan(30);
		const page = await readFile(new URL('../../../notes/guide/metrics.md', import.meta.url), 'utf8');
		// `a.{b,c}` stands for `a.b` and `a.c`.
		const documented = new Set(
			[...page.matchAll(/`([\w.]+)(?:\{([\w,]+)\})?`/g)].flatMap(([, head = '', group]) =>
				group === undefined ? [head] : group.split(',').map((part) => head + part),
			),
		);
		for (const name of exported) {
			expect(documented).toContain(name);
			for (const {attributes} of pointsOf(name)) {
				for (const attribute of Object.keys(attributes))
					expect(documented).toContain(attribute.replace(/^db\.client\.connection(?=\.state)/, ''));
				expect(JSON.stringify(attributes)).not.toContain('secret');
			}
		}
	});

	it('end when the cache closes', async () => {
		const cache = await fixture.open({url: `${fixture.redis.url}/7`});
		instrument(cache, {tracerProvider, meterProvider});
		const ofThisCache = async () =>
			(await collect())('redis_cache.pending_calls').filter(({attributes}) => attributes['db.namespace'] === '7');
		expect(await ofThisCache()).toHaveLength(1);
		await cache.close();
		expect(await ofThisCache()).toHaveLength(0);
	});
});
