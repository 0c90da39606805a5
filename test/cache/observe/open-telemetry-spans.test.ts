import {metrics, SpanKind, SpanStatusCode, trace} from '@opentelemetry/api';
import {describe, expect, it} from 'vitest';
import {instrument} from '../../../source/open-telemetry/instrument.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {openTelemetryFixture} from '../support/open-telemetry.js';

const fixture = redisFixture();
const {spans, tracerProvider, meterProvider, stops, follow, named} = openTelemetryFixture();

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

	it("are the parents of a loader's spans, and the children of the caller's", async () => {
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

	it('are not created for memory hits, unless asked for', async () => {
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

	it('hold the error of a call that rejects', async () => {
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

	it("do not quote a key in an error's message, unless asked to", async () => {
		const cache = await fixture.open({loader: {hardTimeout: 5}});
		const never = () => new Promise<never>(() => {});
		follow(cache);
		await expect(cache.getOrSet('secret-key', never)).rejects.toThrow('secret-key');
		expect(named('load default')[0]?.status.message).toBe('LoaderTimeoutError');
		expect(JSON.stringify(named('getOrSet default')[0]?.status)).not.toContain('secret');
		spans.reset();
		const withKeys = await fixture.open({loader: {hardTimeout: 5}});
		follow(withKeys, {keys: true});
		await expect(withKeys.getOrSet('secret-key', never)).rejects.toThrow();
		expect(named('getOrSet default')[0]?.status.message).toContain('secret-key');
	});

	it('end when they are stopped, and belong to one cache', async () => {
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

	it('change nothing for the caller if the tracer throws', async () => {
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

	it('cause no error in an application that has the API but no SDK', async () => {
		const cache = await fixture.open();
		stops.push(instrument(cache));
		expect(await cache.getOrSet('a', () => 1)).toBe(1);
		expect(trace.getTracerProvider()).not.toBe(tracerProvider);
		expect(metrics.getMeterProvider()).not.toBe(meterProvider);
	});
});
