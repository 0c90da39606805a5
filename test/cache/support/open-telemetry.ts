import {context} from '@opentelemetry/api';
import {AsyncLocalStorageContextManager} from '@opentelemetry/context-async-hooks';
import {
	AggregationTemporality,
	type DataPoint,
	InMemoryMetricExporter,
	MeterProvider,
	PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
	BasicTracerProvider,
	InMemorySpanExporter,
	type ReadableSpan,
	SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {afterAll, afterEach, beforeAll} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {type InstrumentOptions, instrument} from '../../../source/open-telemetry/instrument.js';

export type OpenTelemetryFixture = {
	readonly spans: InMemorySpanExporter;
	readonly exporter: InMemoryMetricExporter;
	readonly tracerProvider: BasicTracerProvider;
	readonly meterProvider: MeterProvider;
	/** Called when the test ends. */
	readonly stops: (() => void)[];
	/** Instruments a cache until the test ends. */
	follow(cache: RedisCache, options?: InstrumentOptions): void;
	/** Finished spans with this name. */
	named(name: string): readonly ReadableSpan[];
	/** Collects once. @returns The points of each metric by its name. */
	collect(): Promise<(name: string) => readonly DataPoint<unknown>[]>;
};

/** Spans and metrics in memory, for the tests of a file. */
export const openTelemetryFixture = (): OpenTelemetryFixture => {
	const spans = new InMemorySpanExporter();
	const tracerProvider = new BasicTracerProvider({spanProcessors: [new SimpleSpanProcessor(spans)]});
	// Delta: a series that is no longer observed is no longer exported.
	const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
	const reader = new PeriodicExportingMetricReader({exporter, exportIntervalMillis: 3_600_000});
	const meterProvider = new MeterProvider({readers: [reader]});
	const contextManager = new AsyncLocalStorageContextManager();
	const stops: (() => void)[] = [];

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

	return {
		spans,
		exporter,
		tracerProvider,
		meterProvider,
		stops,
		follow: (cache, options = {}) => void stops.push(instrument(cache, {tracerProvider, meterProvider, ...options})),
		named: (name) => spans.getFinishedSpans().filter((span) => span.name === name),
		collect: async () => {
			exporter.reset();
			await meterProvider.forceFlush();
			const metrics = exporter
				.getMetrics()
				.flatMap(({scopeMetrics}) => scopeMetrics)
				.flatMap((scope) => scope.metrics);
			return (name) =>
				metrics
					.filter((metric) => metric.descriptor.name === name)
					.flatMap(({dataPoints}) => dataPoints as readonly DataPoint<unknown>[]);
		},
	};
};
