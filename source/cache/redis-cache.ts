import type {CacheSnapshot} from '../metrics/snapshot.js';
import {ClosedError, NotConnectedError} from '../pool/errors.js';
import {clearTimeout, setTimeout} from '../time/real-time.js';
import type {CacheEvents} from './api/cache-events.js';
import type {CacheLife} from './api/cache-life.js';
import type {CacheOptions} from './api/cache-options.js';
import type {BorrowedConnection, BorrowOptions} from './api/connection-options.js';
import type {Duration} from './api/duration.js';
import {CacheInternals} from './cache-internals.js';
import type {CacheParts} from './cache-parts.js';
import {createCache} from './create-cache.js';
import {startOffering} from './live/start-offering.js';
import {NamespaceCache} from './namespace-cache.js';
import {longestTimerMs, milliseconds} from './options/duration.js';
import {allSafetySwitches, type SafetySwitches} from './outage/safety-switches.js';
import {takeSnapshot} from './stats.js';
import {closeCache} from './transitions.js';
import {withConnection} from './with-connection.js';

/**
 * A cache on Redis with predictable behavior in outages.
 *
 * - Every call settles within its deadline (200 ms by default), whatever Redis or the network does, and by default does
 *   not reject because of them.
 * - After a `set`, `delete`, `invalidateTags` or `clear` has resolved, this process never reads anything older.
 * - When Redis is back, no process reads anything older than the last acknowledged change, whichever process made it.
 *
 * @example
 * const cache = new RedisCache({url: 'redis://localhost:6379', ttl: '5m'});
 * const user = await cache.getOrSet('user:1', () => db.findUser(1));
 * await cache.close();
 */
export class RedisCache extends NamespaceCache implements CacheLife {
	readonly #parts: CacheParts;
	readonly #internals: CacheInternals;
	readonly #stopOffering: (() => Promise<void>) | undefined;
	#closing: Promise<void> | undefined;

	/**
	 * Connects at once, in the background. Does not fail if Redis is unreachable: see {@link ready}.
	 *
	 * @throws {InvalidArgumentError | InvalidKeyError | InvalidDurationError} an option cannot be used; its name is in the
	 * message.
	 */
	constructor(options?: CacheOptions);
	/** @internal With safety mechanisms switched off, for tests. */
	constructor(options: CacheOptions, switches: SafetySwitches);
	constructor(options: CacheOptions = {}, switches: SafetySwitches = allSafetySwitches) {
		const parts = createCache(options, switches);
		super(parts, parts.namespaces.open(parts.settings.namespace));
		this.#parts = parts;
		this.#internals = new CacheInternals(parts);
		this.#stopOffering = startOffering(this, parts);
	}

	async ready(timeout: Duration = '5s'): Promise<void> {
		const {availability} = this.#parts;
		availability.assertOpen();
		const timeoutMs = milliseconds(timeout, 'timeout');
		if (availability.isConnected) return;
		await new Promise<void>((resolve, reject) => {
			const finish = (settle: () => void) => {
				clearTimeout(timer);
				removeListener();
				settle();
			};
			const timer = setTimeout(
				() => finish(() => reject(this.#notReady(timeoutMs))),
				Math.min(timeoutMs, longestTimerMs),
			);
			const removeListener = availability.onChange(() => {
				if (availability.isClosed) finish(() => reject(new ClosedError('the cache')));
				else if (availability.isConnected) finish(resolve);
			});
		});
	}

	async withConnection<T>(
		work: (connection: BorrowedConnection) => PromiseLike<T> | T,
		options: BorrowOptions = {},
	): Promise<T> {
		this.#parts.availability.assertOpen();
		return withConnection(this.#parts.pool, work, options);
	}

	stats(): CacheSnapshot {
		return takeSnapshot(this.#parts);
	}

	async prometheus(labels: Readonly<Record<string, string>> = {}): Promise<string> {
		const {prometheusText} = await import('./observe/prometheus.js');
		return prometheusText(this.stats(), labels);
	}

	on<E extends keyof CacheEvents>(event: E, listener: (payload: CacheEvents[E]) => void): () => void {
		return this.#parts.recorder.events.on(event, listener);
	}

	async close(): Promise<void> {
		this.#closing ??= this.#close();
		await this.#closing;
	}

	async #close(): Promise<void> {
		await Promise.all([closeCache(this.#parts), this.#stopOffering?.()]);
	}

	/** `close()`, for `await using`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	/** @internal For the dashboard, for instrumentation, and for tests. */
	get internals(): CacheInternals {
		return this.#internals;
	}

	#notReady(timeoutMs: number): NotConnectedError {
		const {availability, pool} = this.#parts;
		const {problem, mode} = availability;
		return new NotConnectedError(
			`Redis at ${pool.url} is not in use after ${timeoutMs} ms (${problem?.message ?? mode.reason}): check that it runs and that the URL is right`,
			{cause: problem},
		);
	}
}
