import type {Pool} from '../pool/types.js';
import type {CacheParts} from './cache-parts.js';
import type {MutableCounters} from './observe/counters.js';
import type {Tracing} from './observe/tracing.js';

/** @internal The view of a cache for this package's dashboard and instrumentation. Not for applications. */
export class CacheInternals {
	/** @param parts For tests only, which check state that no call shows. */
	constructor(readonly parts: CacheParts) {}

	get pool(): Pool {
		return this.parts.pool;
	}

	/** Adds wrappers around calls, such as spans of OpenTelemetry. */
	get tracing(): Tracing {
		return this.parts.tracing;
	}

	get isConnected(): boolean {
		return this.parts.availability.isConnected;
	}

	get isClosed(): boolean {
		return this.parts.availability.isClosed;
	}

	/** The live counters: cheaper than a snapshot. */
	get counters(): Readonly<MutableCounters> {
		return this.parts.recorder.counters;
	}

	/** First part of every Redis key of the cache. */
	get prefix(): string {
		return this.parts.settings.prefix;
	}

	/** Prefix of the Redis keys of entries in the cache's own namespace. */
	get entryPrefix(): string {
		return this.#namespace.entryPrefix;
	}

	/**
	 * Every Redis key that the cache may have written in a namespace without tags: entries, the markers, and the
	 * keys of the rollback detector.
	 *
	 * @param keys Keys that were set.
	 * @param name Default: the cache's own namespace.
	 */
	*ownKeys(keys: Iterable<string>, name = this.parts.settings.namespace): Iterable<string> {
		const namespace = this.parts.namespaces.open(name);
		for (const key of keys) yield namespace.redisKey(key);
		yield namespace.generationKey;
		yield namespace.counterKey;
		yield* this.parts.rollback.beatKeys;
	}

	/** Empties the memory tier. */
	clearMemory(): void {
		for (const {tier} of this.parts.namespaces) tier?.clear();
	}

	get #namespace() {
		const {namespaces, settings} = this.parts;
		return namespaces.open(settings.namespace);
	}
}
