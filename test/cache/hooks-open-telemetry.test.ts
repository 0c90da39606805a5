import {readFile} from 'node:fs/promises';
import {context, metrics, SpanKind, SpanStatusCode, trace} from '@opentelemetry/api';
import {AsyncLocalStorageContextManager} from '@opentelemetry/context-async-hooks';
import {
	AggregationTemporality,
	type DataPoint,
	type Histogram,
	InMemoryMetricExporter,
	MeterProvider,
	PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor} from '@opentelemetry/sdk-trace-base';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {instrument} from '../../source/open-telemetry/instrument.js';
import {redisFixture} from '../support/cache-fixture.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({spanProcessors: [new SimpleSpanProcessor(spans)]});
// Delta: a series that is no longer observed is no longer exported.
const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({exporter, exportIntervalMillis: 3_600_000});
const meterProvider = new MeterProvider({readers: [reader]});
const contextManager = new AsyncLocalStorageContextManager();
const stops: (() => void)[] = [];

const named = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name);

const follow = (cache: RedisCache, options: Parameters<typeof instrument>[1] = {}): void => {
	stops.push(instrument(cache, {tracerProvider, meterProvider, ...options}));
};

/** Collects once, and gives the points of each metric by its name. */
const collect = async (): Promise<(name: string) => readonly DataPoint<unknown>[]> => {
	exporter.reset();
	await meterProvider.forceFlush();
	const collected = exporter
		.getMetrics()
		.flatMap(({scopeMetrics}) => scopeMetrics)
		.flatMap((scope) => scope.metrics);
	return (name) =>
		collected
			.filter((metric) => metric.descriptor.name === name)
			.flatMap(({dataPoints}) => dataPoints as readonly DataPoint<unknown>[]);
};

beforeAll(() => {
	context.setGlobalContextManager(contextManager.enable());
});

afterEach(() => {
	for (const stop of stops.splice(0)) stop();
	spans.reset();
});

afterAll(async () => {
	context.disable();
	await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
});

describe('OpenTelemetry spans', () => {
	it('follow the conventions for databases, and never hold a key unless asked to', async () => {
		const cache = await fixture.open({namespace: 'users', url: `${fixture.redis.url}/0`});
		follow(cache, {attributes: {'redis_cache.name': 'sessions'}});
		await cache.set('secret-key', 1, {tags: ['secret-tag']});
		const [span] = named('set users');
		expect(span?.kind).toBe(SpanKind.CLIENT);
		expect(span?.status.code).toBe(SpanStatusCode.UNSET);
		expect(span?.attributes).toEqual({
			'db.system.name': 'redis',
			'db.operation.name': 'set',
			'db.namespace': '0',
			'server.address': '127.0.0.1',
			'server.port': fixture.redis.port,
			'redis_cache.namespace': 'users',
			'redis_cache.name': 'sessions',
			'redis_cache.stored': 'redis',
		});
	});

	it('hold the key when asked to', async () => {
		const cache = await fixture.open();
		follow(cache, {keys: true});
		await cache.delete('a');
		expect(named('delete default')[0]?.attributes).toMatchObject({'redis_cache.key': 'a'});
	});

	it('are the parents of what a loader starts, and the children of what the caller had started', async () => {
		const cache = await fixture.open();
		follow(cache);
		const tracer = tracerProvider.getTracer('application');
		await tracer.startActiveSpan('request', async (request) => {
			await cache.getOrSet('a', async () => {
				tracer.startSpan('SELECT').end();
				return 1;
			});
			request.end();
		});
		const [select] = named('SELECT');
		const [load] = named('load default');
		const [call] = named('getOrSet default');
		const [request] = named('request');
		expect(select?.parentSpanContext?.spanId).toBe(load?.spanContext().spanId);
		expect(load?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId);
		expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
		expect(load?.kind).toBe(SpanKind.INTERNAL);
		expect(load?.attributes).toEqual({'redis_cache.namespace': 'default', 'redis_cache.outcome': 'loaded'});
		expect(call?.attributes).toMatchObject({'redis_cache.outcome': 'miss', 'redis_cache.source': 'loader'});
	});

	it('are not made for reads that memory answers, unless asked for', async () => {
		const cache = await fixture.open();
		await cache.set('a', 1);
		follow(cache);
		await until(async () => {
			spans.reset();
			await cache.get('a');
			return spans.getFinishedSpans().length === 0;
		}, 'memory answers, and there is no span');
		follow(cache, {memoryHits: true});
		await cache.get('a');
		expect(named('get default')[0]?.attributes).toMatchObject({
			'redis_cache.outcome': 'hit',
			'redis_cache.source': 'memory',
		});
	});

	it('tell why a call was rejected', async () => {
		const cache = await fixture.open();
		follow(cache);
		await expect(cache.set('', 1)).rejects.toThrow();
		await expect(cache.getOrSet('a', () => Promise.reject(new TypeError('no database')))).rejects.toThrow(
			'no database',
		);
		expect(named('set default')[0]).toMatchObject({
			status: {code: SpanStatusCode.ERROR, message: 'InvalidKeyError'},
			attributes: {'error.type': 'ERR_INVALID_KEY'},
		});
		expect(named('load default')[0]).toMatchObject({
			status: {code: SpanStatusCode.ERROR, message: 'no database'},
			attributes: {'error.type': 'TypeError'},
		});
	});

	it('do not quote a key in what they say of an error, unless asked to', async () => {
		const cache = await fixture.open({loader: {hardTimeout: 5}});
		const never = () => new Promise<never>(() => {});
		follow(cache);
		await expect(cache.getOrSet('secret-key', never)).rejects.toThrow('secret-key');
		expect(named('load default')[0]?.status.message).toBe('LoaderTimeoutError');
		expect(JSON.stringify(named('getOrSet default')[0]?.status)).not.toContain('secret');
		spans.reset();
		const told = await fixture.open({loader: {hardTimeout: 5}});
		follow(told, {keys: true});
		await expect(told.getOrSet('secret-key', never)).rejects.toThrow();
		expect(named('getOrSet default')[0]?.status.message).toContain('secret-key');
	});

	it('end when they are told to, and one cache has none of another one', async () => {
		const cache = await fixture.open();
		const other = await fixture.open();
		const stop = instrument(cache, {tracerProvider, meterProvider});
		await other.get('a');
		expect(spans.getFinishedSpans()).toHaveLength(0);
		await cache.namespace('users').get('a');
		expect(named('get users')).toHaveLength(1);
		stop();
		await cache.get('a');
		expect(named('get default')).toHaveLength(0);
	});

	it('change nothing for the caller when the tracer is broken', async () => {
		const cache = await fixture.open();
		const broken = {
			getTracer: () => ({
				startSpan: () => {
					throw new Error('broken tracer');
				},
				startActiveSpan: () => {
					throw new Error('broken tracer');
				},
			}),
		};
		follow(cache, {tracerProvider: broken});
		expect(await cache.set('a', 1)).toEqual({stored: 'redis'});
		expect(await cache.get('a')).toBe(1);
	});

	it('cost an application nothing that has the API but no SDK', async () => {
		const cache = await fixture.open();
		stops.push(instrument(cache));
		expect(await cache.getOrSet('a', () => 1)).toBe(1);
		expect(trace.getTracerProvider()).not.toBe(tracerProvider);
		expect(metrics.getMeterProvider()).not.toBe(meterProvider);
	});
});

describe('OpenTelemetry metrics', () => {
	it('are read off the snapshot at each collection', async () => {
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

	it('measure calls and loads apart, in seconds', async () => {
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

	it('are all in the README, with their attributes', async () => {
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
		const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
		// `a.{b,c}` stands for `a.b` and `a.c`.
		const documented = new Set(
			[...readme.matchAll(/`([\w.]+)(?:\{([\w,]+)\})?`/g)].flatMap(([, head = '', group]) =>
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

	it('end with the cache', async () => {
		const cache = await fixture.open({url: `${fixture.redis.url}/7`});
		instrument(cache, {tracerProvider, meterProvider});
		const ofThisCache = async () =>
			(await collect())('redis_cache.pending_calls').filter(({attributes}) => attributes['db.namespace'] === '7');
		expect(await ofThisCache()).toHaveLength(1);
		await cache.close();
		expect(await ofThisCache()).toHaveLength(0);
	});
});
