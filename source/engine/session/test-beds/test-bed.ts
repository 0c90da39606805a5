import type {CacheOptions} from '../../../cache/api/types.js';
import {RedisCache} from '../../../cache/redis-cache.js';
import {workloadName} from '../../../inspect/server/clients/own-clients.js';
import type {Pool} from '../../../pool/types.js';
import {Workload, type WorkloadOptions} from '../../../workload/workload.js';
import {logCacheEvents} from '../../log/cache-events.js';
import type {EventsWriter} from '../../log/events-log.js';
import type {Target} from '../../target/target.js';
import {CheckoutHolder} from './checkout-holder.js';

/** Milliseconds after which traffic starts even without a connection, as that of an application would. */
const startMs = 1000;

type TestBedOptions = {
	readonly target: Target;
	readonly cache: Omit<CacheOptions, 'url'>;
	readonly workload: WorkloadOptions;
	/**
	 * Namespace of the workload's keys. Default: that of the cache. On an external Redis it is a unique one, so that
	 * traffic changes no entry of an application, and all its keys can be removed.
	 */
	readonly workloadNamespace?: string | undefined;
	readonly log: EventsWriter;
};

/** The application's side of a session: one cache with traffic on it. */
export class TestBed {
	readonly cache: RedisCache;
	readonly workload: Workload;
	readonly checkouts: CheckoutHolder;
	readonly #workloadNamespace: string | undefined;
	readonly #stopLogging: () => void;
	/** Cancels a start that waits for the connection. */
	#cancelStart: (() => void) | undefined;

	constructor({target, cache, workload, workloadNamespace, log}: TestBedOptions) {
		const deadlineMs = target.deadlineMs;
		this.cache = new RedisCache({
			...cache,
			deadline: cache.deadline ?? deadlineMs,
			url: target.nodeProxies?.url ?? target.cacheUrl,
			// The dashboard's own cache is not offered to viewers.
			inspect: false,
			pool: {
				clientName: workloadName,
				// The handshake takes several round trips.
				connectTimeout: Math.max(500, 3 * deadlineMs),
				...cache.pool,
				...(target.tls ? {tls: target.tls} : {}),
				...(target.nodeProxies ? {natMap: target.nodeProxies.natMap} : {}),
			},
		});
		this.#workloadNamespace = workloadNamespace;
		const workloadCache = workloadNamespace === undefined ? this.cache : this.cache.namespace(workloadNamespace);
		this.workload = new Workload(workloadCache, {deadlineMs, ...workload});
		this.checkouts = new CheckoutHolder(this.pool, log);
		this.#stopLogging = logCacheEvents(this.cache, log);
	}

	/** The pool of the cache. */
	get pool(): Pool {
		return this.cache.internals.pool;
	}

	/** Its connections to all servers. */
	get connections(): number {
		const {pool, memory, nodes = []} = this.cache.stats();
		const servers = nodes.length === 0 ? [memory] : nodes;
		const subscribers = servers.filter(({coherence}) => coherence !== 'ttl' && coherence !== 'off').length;
		return pool.lanes.filter(({state}) => state === 'ready').length + pool.checkouts.open + subscribers;
	}

	/** Prefix of all keys of the cache. */
	get prefix(): string {
		return this.cache.internals.prefix;
	}

	/** Prefix of the entries of the cache's namespace. */
	get keyPrefix(): string {
		return this.cache.internals.entryPrefix;
	}

	/** Every key that its workload may have written: entries, the markers of their namespace, and the cache's beat keys. */
	ownKeys(): Iterable<string> {
		return this.cache.internals.ownKeys(this.workload.keyNames(), this.#workloadNamespace);
	}

	/** True if its workload has written keys that stay when it is closed. */
	get leavesKeys(): boolean {
		const {done = false} = this.workload.keyNames()[Symbol.iterator]().next();
		return this.#workloadNamespace !== undefined && !done;
	}

	/** True while traffic runs, or starts as soon as the cache is connected. */
	get hasTraffic(): boolean {
		return this.workload.running || this.#cancelStart !== undefined;
	}

	/** Starts the traffic once the cache is connected, at the latest after a second. */
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

	/** Stops the traffic. Resolves when the calls in flight have settled. */
	async stopWorkload(): Promise<void> {
		this.#cancelStart?.();
		await this.workload.stop();
	}

	/** Empties the memory tier. */
	flushMemory(): void {
		this.cache.internals.clearMemory();
	}

	async close(): Promise<void> {
		this.#cancelStart?.();
		this.#stopLogging();
		this.checkouts.close();
		this.workload.close();
		await this.cache.close();
	}
}
