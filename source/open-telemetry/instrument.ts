/**
 * Spans and metrics of a cache.
 *
 * @module redis-cache-tui/opentelemetry
 */
import {type Attributes, type MeterProvider, metrics, type TracerProvider, trace} from '@opentelemetry/api';
import {checkNames, optionNames} from '../cache/options/checks.js';
import type {RedisCache} from '../cache/redis-cache.js';
import {serverAttributes} from './attributes.js';
import {observe} from './observe.js';
import {spanWrapper} from './spans.js';

const scope = 'redis-cache-tui';
const names = optionNames('tracerProvider', 'meterProvider', 'attributes', 'memoryHits', 'keys');

/** Options of `instrument`. */
export type InstrumentOptions = {
	/** Provider of the tracer. Default: the global one. */
	readonly tracerProvider?: TracerProvider | undefined;
	/** Provider of the meter. Default: the global one. */
	readonly meterProvider?: MeterProvider | undefined;
	/**
	 * Added to every span and metric, to distinguish several caches: `{'redis_cache.name': 'sessions'}`. Use few different
	 * values. Default: none.
	 */
	readonly attributes?: Attributes | undefined;
	/**
	 * True: also creates spans for reads that memory answers. There are many, and each takes less time than its span. Default
	 * false.
	 */
	readonly memoryHits?: boolean | undefined;
	/**
	 * True: adds the key to spans as `redis_cache.key`, and error messages that may contain it; never to metrics. Keys are
	 * often personal data. Default false: spans have only the name and code of errors of this package.
	 */
	readonly keys?: boolean | undefined;
};

/**
 * Creates spans and metrics of a cache through `@opentelemetry/api`, which the application installs.
 *
 * **Spans**, one for each call, named `get users` (operation and namespace), of kind client, with `db.system.name`,
 * `db.operation.name`, `db.namespace` (number of the database), `server.address`, `server.port`, `error.type`,
 * `db.response.status_code` as the conventions for databases have them, and `redis_cache.namespace`,
 * `redis_cache.outcome`, `redis_cache.source`, `redis_cache.stored`, `redis_cache.applied`, `redis_cache.keys`,
 * `redis_cache.hits` where they apply. A loader runs in a span `load users` of kind internal; spans that it starts are
 * its children.
 *
 * **Metrics**: the histograms `db.client.operation.duration` (calls that memory did not answer at once and that did not have to
 * load) and `redis_cache.load.duration`, in seconds; from one `stats()` per collection: `redis_cache.hits` by
 * `redis_cache.source`, the other counters of the snapshot (`redis_cache.misses`, `redis_cache.timeouts` …),
 * `redis_cache.mode`, `redis_cache.pending_calls`, `redis_cache.memory.*`, `redis_cache.journal.*`, `redis_cache.lanes.*`,
 * `db.client.connection.*` of the checkouts, and `redis.client.csc.*` of the memory tier, under the names that Redis clients
 * use for client-side caches.
 *
 * These describe calls of the cache, not commands of Redis: a call may send no command, or share one with other calls.
 * Errors of a tracer or meter go to OpenTelemetry's `diag`, and do not affect the call.
 *
 * @throws {InvalidArgumentError} an option does not exist.
 * @returns A function that removes the instrumentation. Metrics stop automatically when the cache is closed.
 * @example
 * import {RedisCache} from 'redis-cache-tui';
 * import {instrument} from 'redis-cache-tui/opentelemetry';
 *
 * const cache = new RedisCache();
 * instrument(cache, {attributes: {'redis_cache.name': 'sessions'}});
 */
export const instrument = (cache: RedisCache, options: InstrumentOptions = {}): (() => void) => {
	checkNames(options, 'instrument', names);
	const {attributes = {}, memoryHits = false, keys = false} = options;
	const tracer = (options.tracerProvider ?? trace).getTracer(scope);
	const meter = (options.meterProvider ?? metrics).getMeter(scope);
	const server = serverAttributes(cache.internals.pool.url);
	const unwrap = cache.internals.tracing.wrap(spanWrapper({tracer, meter, server, attributes, memoryHits, keys}));
	const unobserve = observe(
		meter,
		() => {
			if (!cache.internals.isClosed) return cache.stats();
			// Deferred, since the reader is iterating over its callbacks.
			queueMicrotask(unobserve);
			return undefined;
		},
		{...server, ...attributes},
	);
	return () => {
		unwrap();
		unobserve();
	};
};
