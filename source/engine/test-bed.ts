import type {CacheOptions} from '../cache/api/types.js';
import {RedisCache} from '../cache/redis-cache.js';
import type {Pool} from '../pool/types.js';
import {Workload, type WorkloadOptions} from '../workload/workload.js';
import {logCacheEvents} from './cache-events.js';
import {CheckoutHolder} from './checkout-holder.js';
import type {EventsWriter} from './events-log.js';
import type {Target} from './target.js';

const startMs = 1000;

/** The application's side of a session: one cache with traffic on it. A drill has a stage of its own. */
export class TestBed {
	readonly cache: RedisCache;
	readonly workload: Workload;
	readonly holds: CheckoutHolder;
	readonly #stopLogging: () => void;
	/** Takes back a start that waits for the connection. */
	#cancelStart: (() => void) | undefined;

	constructor(target: Target, cache: Omit<CacheOptions, 'url'>, workload: WorkloadOptions, log: EventsWriter) {
		this.cache = new RedisCache({
			...cache,
			url: target.cacheUrl,
			pool: {...cache.pool, ...(target.tls ? {tls: target.tls} : {})},
		});
		this.workload = new Workload(this.cache, workload);
		this.holds = new CheckoutHolder(this.pool, log);
		this.#stopLogging = logCacheEvents(this.cache, log);
	}

	/** The pool of the cache. */
	get pool(): Pool {
		return this.cache.internals.pool;
	}

	/** What the cache puts before all its keys. */
	get prefix(): string {
		return this.cache.internals.prefix;
	}

	/** What the cache puts before the keys of its namespace. */
	get keyPrefix(): string {
		return this.cache.internals.entryPrefix;
	}

	/** Every key that it may have written: entries, the invalidation time of its namespace, and what the cache notes for itself. */
	ownKeys(): Iterable<string> {
		return this.cache.internals.ownKeys(this.workload.keyNames());
	}

	/** It runs, or will as soon as the cache is connected. */
	get hasTraffic(): boolean {
		return this.workload.running || this.#cancelStart !== undefined;
	}

	/** Starts the traffic once the cache is connected, or in a second without: an application does not wait for ever either. */
	startWorkload(): void {
		this.#cancelStart?.();
		if (this.cache.internals.isConnected) {
			this.workload.start();
			return;
		}
		const start = () => {
			this.#cancelStart?.();
			this.workload.start();
		};
		const timer = setTimeout(start, startMs);
		const stop = this.cache.on('mode', ({mode}) => {
			if (mode === 'connected') start();
		});
		this.#cancelStart = () => {
			clearTimeout(timer);
			stop();
			this.#cancelStart = undefined;
		};
	}

	/** Resolves when the calls under way have settled. */
	async stopWorkload(): Promise<void> {
		this.#cancelStart?.();
		await this.workload.stop();
	}

	flushMemory(): void {
		this.cache.internals.clearMemory();
	}

	async close(): Promise<void> {
		this.#cancelStart?.();
		this.#stopLogging();
		this.holds.close();
		this.workload.close();
		await this.cache.close();
	}
}
