import {
	type Attributes,
	context,
	diag,
	type Meter,
	type Span,
	SpanKind,
	SpanStatusCode,
	type Tracer,
	trace as traces,
} from '@opentelemetry/api';
import type {CallTrace} from '../cache/observe/trace-types.js';
import type {CallWrapper} from '../cache/observe/tracing.js';
import {RedisCacheError} from '../pool/errors.js';
import {errorAttributes, outcomeAttributes} from './attributes.js';

/** Bucket boundaries in seconds. The default ones begin at 5 ms, but most calls take less. */
const boundaries = [
	0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

type SpanOptions = {
	readonly tracer: Tracer;
	readonly meter: Meter;
	/** See `serverAttributes`. */
	readonly server: Attributes;
	/** Added to every span and measurement. */
	readonly attributes: Attributes;
	readonly memoryHits: boolean;
	readonly keys: boolean;
};

type Outcome = {readonly failed: false} | {readonly failed: true; readonly error: unknown};

/** Describes an error. Messages of errors of this package may contain the key: without `keys`, only the name is used. */
const describe = (error: unknown, keys: boolean): string => {
	if (!(error instanceof Error)) return String(error);
	return error instanceof RedisCacheError && !keys ? error.name : error.message;
};

/** Wraps each call in a span, and records its duration. */
export const spanWrapper = (options: SpanOptions): CallWrapper => {
	const {tracer, meter, attributes} = options;
	const histogram = (name: string, description: string) =>
		meter.createHistogram(name, {description, unit: 's', advice: {explicitBucketBoundaries: boundaries}});
	const calls = histogram('db.client.operation.duration', 'Duration of database client operations.');
	const loads = histogram('redis_cache.load.duration', 'Duration of loaders');

	const start = (trace: CallTrace): Span | undefined => {
		const kind = trace.operation === 'load' ? SpanKind.INTERNAL : SpanKind.CLIENT;
		const spanAttributes: Attributes = {...attributes, ...placeOf(trace, options.server)};
		if (options.keys && 'key' in trace) spanAttributes['redis_cache.key'] = String(trace.key);
		try {
			return tracer.startSpan(`${trace.operation} ${trace.namespace}`, {kind, attributes: spanAttributes});
		} catch (error) {
			diag.error('redis-cache-tui: no span could be started', error);
			return undefined;
		}
	};

	const finish = (trace: CallTrace, span: Span, began: number, outcome: Outcome): void => {
		const seconds = (performance.now() - began) / 1000;
		const failure = outcome.failed ? errorAttributes(outcome.error) : {};
		try {
			const measured = {...attributes, ...placeOf(trace, options.server), ...failure};
			if (trace.operation === 'load') loads.record(seconds, measured);
			// Calls that load are excluded: their duration is mostly that of the loader, and not of Redis.
			else if (!('source' in trace && trace.source === 'loader')) calls.record(seconds, measured);
			span.setAttributes({...outcomeAttributes(trace), ...failure});
			if (outcome.failed) span.setStatus({code: SpanStatusCode.ERROR, message: describe(outcome.error, options.keys)});
			span.end();
		} catch (error) {
			diag.error('redis-cache-tui: a span could not be ended', error);
		}
	};

	return (trace, call) => {
		if (!options.memoryHits && 'source' in trace && trace.source === 'memory') return call();
		const began = performance.now();
		const span = start(trace);
		if (span === undefined) return call();
		return context.with(traces.setSpan(context.active(), span), call).then(
			(value) => {
				finish(trace, span, began, {failed: false});
				return value;
			},
			(error: unknown) => {
				finish(trace, span, began, {failed: true, error});
				throw error;
			},
		);
	};
};

const placeOf = (trace: CallTrace, server: Attributes): Attributes =>
	trace.operation === 'load'
		? {'redis_cache.namespace': trace.namespace}
		: {...server, 'db.operation.name': trace.operation, 'redis_cache.namespace': trace.namespace};
