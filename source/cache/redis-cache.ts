import type {CacheSnapshot} from '../metrics/snapshot.js';
import {createPool} from '../pool/create-pool.js';
import {ClosedError, NotConnectedError} from '../pool/errors.js';
import type {Pool} from '../pool/types.js';
import type {BorrowedConnection, BorrowOptions, CacheEvents, CacheLife, CacheOptions, Duration} from './api/types.js';
import {borrow} from './borrowing.js';
import {CacheCore} from './core.js';
import {LoadingReads} from './load/loading-reads.js';
import {Loads} from './load/loads.js';
import {NamespaceCache} from './namespace-cache.js';
import {takeSnapshot} from './observe/stats.js';
import {Tracing} from './observe/tracing.js';
import {longestTimerMs, milliseconds} from './options/duration.js';
import {type Settings, settle} from './options/settle-options.js';
import {allSafetySwitches, type SafetySwitches} from './outage/safety-switches.js';
import {Lookups} from './read/lookups.js';
import {Reads} from './read/reads.js';
import {Sliding} from './read/sliding.js';
import {Writes} from './write/writes.js';

/**
 * A cache on Redis that no outage can hang or make lie.
 *
 * - Every call settles within its deadline (200 ms by default), whatever Redis or the network does, and by default does
 *   not reject because of them.
 * - After a `set`, `delete`, `invalidateTags` or `clear` has resolved, this process never reads anything older.
 * - When Redis is back, no process reads anything older than the last acknowledged change, whoever made it.
 *
 * @example
 * const cache = new RedisCache({url: 'redis://localhost:6379', ttl: '5m'});
 * const user = await cache.getOrSet('user:1', () => db.findUser(1));
 * await cache.close();
 */
export class RedisCache extends NamespaceCache implements CacheLife {
	readonly #core: CacheCore;
	readonly #tracing: Tracing;

	/**
	 * Connects at once and in the background. Does not fail when Redis is away: see {@link ready}.
	 *
	 * @throws {InvalidArgumentError | InvalidKeyError | InvalidDurationError} an option cannot be used; its name is in the message.
	 */
	constructor(options?: CacheOptions);
	/** @internal With mechanisms switched off: for tests. */
	constructor(options: CacheOptions, mechanisms: SafetySwitches);
	constructor(options: CacheOptions = {}, mechanisms: SafetySwitches = allSafetySwitches) {
		const settings = settle(options);
		const core = createCore(settings, createPool(settings.pool), mechanisms);
		const lookups = new Lookups(core);
		const writes = new Writes(core);
		const tracing = new Tracing();
		const reads = new Reads(core, lookups, settings.ttl.sliding ? new Sliding(writes) : undefined);
		const loadingReads = new LoadingReads(core, lookups, reads, new Loads(core, lookups, writes, tracing));
		super({core, reads, loadingReads, writes, tracing}, core.spaces.named(settings.namespace));
		this.#core = core;
		this.#tracing = tracing;
	}

	async ready(timeout: Duration = '5s'): Promise<void> {
		const core = this.#core;
		core.assertOpen();
		const timeoutMs = milliseconds(timeout, 'timeout');
		if (core.connected) return;
		await new Promise<void>((resolve, reject) => {
			const finish = (settle: () => void) => {
				clearTimeout(timer);
				unlisten();
				unwatch();
				settle();
			};
			const notReady = () =>
				new NotConnectedError(
					`Redis at ${core.pool.url} is not in use after ${timeoutMs} ms (${core.degradation.problem?.message ?? core.degradation.mode.reason}): check that it runs and that the URL is right`,
					{cause: core.degradation.problem},
				);
			const timer = setTimeout(() => finish(() => reject(notReady())), Math.min(timeoutMs, longestTimerMs));
			const unlisten = core.emitter.on('mode', (change) => {
				if (change.mode === 'connected') finish(resolve);
			});
			const unwatch = core.onClose(() => finish(() => reject(new ClosedError('the cache'))));
		});
	}

	async withConnection<T>(
		work: (connection: BorrowedConnection) => PromiseLike<T> | T,
		options: BorrowOptions = {},
	): Promise<T> {
		this.#core.assertOpen();
		return borrow(this.#core.pool, work, options);
	}

	stats(): CacheSnapshot {
		return takeSnapshot(this.#core);
	}

	async prometheus(labels: Readonly<Record<string, string>> = {}): Promise<string> {
		const {prometheusText} = await import('../metrics/prometheus.js');
		return prometheusText(this.stats(), labels);
	}

	on<E extends keyof CacheEvents>(event: E, listener: (payload: CacheEvents[E]) => void): () => void {
		return this.#core.emitter.on(event, listener);
	}

	async close(): Promise<void> {
		await this.#core.close();
	}

	/** @internal What the dashboard looks into: the pool and the memory tiers. */
	get core(): CacheCore {
		return this.#core;
	}

	/** @internal Where wrappers are put around calls: spans of OpenTelemetry. */
	get tracing(): Tracing {
		return this.#tracing;
	}

	/** `close()`, for `await using`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}
}

/** A cache that cannot be made leaves no connections behind. */
function createCore(settings: Settings, pool: Pool, mechanisms: SafetySwitches): CacheCore {
	try {
		return new CacheCore(settings, pool, mechanisms);
	} catch (error) {
		void pool.close();
		throw error;
	}
}
