import type {PoolSnapshot} from '../metrics/snapshot.js';
import {Backoff} from './backoff.js';
import {Checkouts} from './checkouts.js';
import type {Traffic} from './command-channel.js';
import {ClosedError, NotConnectedError} from './errors.js';
import {invalidationTopic} from './invalidation-topic.js';
import {hashKey} from './key-hash.js';
import {checkLaneCount, type PoolSettings, readSettings} from './pool-settings.js';
import {ReadyWaiters} from './ready-waiters.js';
import {RedisLane} from './redis-lane.js';
import {SentinelWatch} from './sentinel-watch.js';
import {Subscription} from './subscription.js';
import {createTopology, type Topology} from './topology.js';
import type {
	AcquireOptions,
	Checkout,
	Lane,
	LaneEvent,
	Pool,
	PoolOptions,
	Subscriber,
	SubscriberHandlers,
} from './types.js';

class RedisPool implements Pool {
	readonly #settings: PoolSettings;
	readonly #topology: Topology;
	readonly #checkouts: Checkouts;
	readonly #listeners = new Set<(event: LaneEvent) => void>();
	readonly #subscriptions = new Set<Subscription>();
	readonly #sentinelWatch: SentinelWatch | undefined;
	readonly #readyWaiters = new ReadyWaiters();
	/** Lanes that `resize` has taken out and that are not closed yet. */
	readonly #leaving = new Set<Promise<void>>();
	readonly #traffic: Traffic = {inFlight: 0};
	#lanes: readonly RedisLane[] = [];
	/** The lanes that keys take: not those that `resize` has added and that are not ready yet. Never empty. */
	#routed: readonly RedisLane[] = [];
	#routing = 0;
	#nextLaneId = 0;
	#closing: Promise<void> | undefined;

	constructor(settings: PoolSettings) {
		this.#settings = settings;
		this.#topology = createTopology(settings.url, settings);
		this.#checkouts = new Checkouts({
			...settings.checkouts,
			where: this.#topology.where,
			deadlineMs: settings.deadlineMs,
			open: this.#topology.openExclusive,
			backoff: this.#newBackoff(),
		});
		this.#lanes = Array.from({length: settings.lanes}, () => this.#newLane());
		this.#routed = this.#lanes;
		this.#sentinelWatch = this.#watchSentinels();
	}

	get lanes(): readonly Lane[] {
		return this.#lanes;
	}

	get topology(): 'standalone' | 'cluster' {
		return this.#topology.kind;
	}

	get url(): string {
		return this.#topology.where;
	}

	laneOf(key: string): Lane {
		const lanes = this.#routed;
		return lanes[hashKey(key) % lanes.length] as Lane;
	}

	get routing(): number {
		return this.#routing;
	}

	groupOf(key: string): number {
		return this.#topology.groupOf(key);
	}

	acquire(options?: AcquireOptions): Promise<Checkout> {
		return this.#checkouts.acquire(options);
	}

	subscriber(handlers: SubscriberHandlers): Subscriber {
		if (this.#closing !== undefined) throw new ClosedError('The pool');
		const subscription = new Subscription({
			where: this.#topology.where,
			open: this.#topology.openSubscriber,
			backoff: this.#newBackoff(),
			deadlineMs: this.#settings.deadlineMs,
			...invalidationTopic(handlers),
		});
		this.#subscriptions.add(subscription);
		return {
			reset: (reason) => subscription.reset(reason),
			close: () => {
				this.#subscriptions.delete(subscription);
				subscription.close();
			},
		};
	}

	ready(timeoutMs: number): Promise<void> {
		if (this.#closing !== undefined) return Promise.reject(new ClosedError('The pool'));
		if (this.#isReady()) return Promise.resolve();
		return this.#readyWaiters.wait(timeoutMs, () => this.#notReady(timeoutMs));
	}

	onLane(listener: (event: LaneEvent) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	snapshot(): PoolSnapshot {
		const lanes = this.#lanes.map((lane) => lane.snapshot());
		const inFlight = lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
		return {
			utilisation: inFlight / (this.#settings.capacity * lanes.length),
			lanes,
			checkouts: this.#checkouts.snapshot(),
			deadlineMs: this.#settings.deadlineMs,
		};
	}

	async resize(lanes: number): Promise<void> {
		if (this.#closing !== undefined) throw new ClosedError('The pool');
		const count = checkLaneCount(lanes);
		const kept = this.#lanes.slice(0, count);
		const gone = this.#lanes.slice(count);
		this.#lanes = [...kept, ...Array.from({length: count - kept.length}, () => this.#newLane())];
		this.#route(this.#routed.filter((lane) => kept.includes(lane)));
		if (this.#isReady()) this.#onReady();
		await Promise.all(gone.map((lane) => this.#retire(lane)));
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		this.#readyWaiters.reject(new ClosedError('The pool'));
		this.#sentinelWatch?.close();
		for (const subscription of this.#subscriptions) subscription.close();
		this.#subscriptions.clear();
		this.#checkouts.close();
		await Promise.all([...this.#leaving, ...this.#lanes.map((lane) => lane.close(this.#settings.deadlineMs))]);
		this.#listeners.clear();
	}

	async #retire(lane: RedisLane): Promise<void> {
		const closed = lane.close(this.#settings.deadlineMs);
		this.#leaving.add(closed);
		await closed;
		this.#leaving.delete(closed);
	}

	#newLane(): RedisLane {
		const {deadlineMs, capacity, missedDeadlines} = this.#settings;
		return new RedisLane({
			id: this.#nextLaneId++,
			where: this.#topology.where,
			deadlineMs,
			capacity,
			missedDeadlines,
			traffic: this.#traffic,
			open: this.#topology.openLane,
			backoff: this.#newBackoff(),
			onEvent: (event) => this.#emit(event),
		});
	}

	#watchSentinels(): SentinelWatch | undefined {
		const {sentinels, where} = this.#topology;
		if (sentinels === undefined) return undefined;
		return new SentinelWatch({
			where,
			sentinels: sentinels.list,
			master: sentinels.master,
			open: sentinels.open,
			newBackoff: () => this.#newBackoff(),
			deadlineMs: this.#settings.deadlineMs,
			onSwitch: () => this.#onMasterSwitch('Sentinel has made another server the master'),
		});
	}

	/** Every connection leads to the old master. */
	#onMasterSwitch(reason: string): void {
		for (const lane of this.#lanes) lane.reset(reason);
		for (const subscription of this.#subscriptions) subscription.reset(reason);
		this.#checkouts.dropAll(reason);
	}

	#newBackoff(): Backoff {
		return new Backoff(this.#settings.reconnectMinMs, this.#settings.reconnectMaxMs);
	}

	#isReady(): boolean {
		return this.#lanes.every((lane) => lane.state === 'ready');
	}

	#onReady(): void {
		this.#route(this.#lanes);
		this.#readyWaiters.resolve();
	}

	#route(lanes: readonly RedisLane[]): void {
		if (lanes.length === this.#routed.length && lanes.every((lane, index) => lane === this.#routed[index])) return;
		this.#routed = lanes;
		this.#routing++;
	}

	#notReady(timeoutMs: number): NotConnectedError {
		const cause = this.#lanes.find((lane) => lane.state !== 'ready')?.reason;
		const why = cause === undefined ? 'still connecting' : cause.message;
		return new NotConnectedError(`Not connected to ${this.#topology.where} within ${timeoutMs} ms: ${why}`, {cause});
	}

	#emit(event: LaneEvent): void {
		// Idle checkouts cannot be asked how they are; what happened to a lane has likely happened to them.
		if (event.type !== 'ready') this.#checkouts.dropIdle(event.reason);
		else if (this.#isReady()) this.#onReady();
		for (const listener of [...this.#listeners]) {
			try {
				listener(event);
			} catch (error) {
				// A listener's mistake must not keep the lane from reconnecting.
				process.emitWarning(error instanceof Error ? error : String(error));
			}
		}
	}
}

/**
 * Opens the connections to one Redis. Returns at once; `ready()` tells when they are usable. It never rejects because
 * Redis is away: it goes on trying, and commands reject with `NotConnectedError` meanwhile.
 *
 * @throws {InvalidArgumentError} the URL or an option cannot be used.
 */
export const createPool = (options: PoolOptions = {}): Pool => new RedisPool(readSettings(options));
