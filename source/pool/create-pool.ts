import type {PoolSnapshot} from '../metrics/pool-snapshot.js';
import {Checkouts} from './checkouts/checkouts.js';
import {ClusterLanes} from './cluster/cluster-lanes.js';
import {ErrorReplies} from './commands/error-replies.js';
import {Backoff} from './connection/backoff.js';
import {CredentialSource} from './connection/credentials.js';
import {ClosedError, type CredentialsError} from './errors.js';
import {LaneSet} from './lanes/lane-set.js';
import type {Lanes} from './lanes/lanes.js';
import {type LaneOptions, RedisLane} from './lanes/redis-lane.js';
import type {PoolOptions} from './pool-options.js';
import {checkLaneCount, type PoolSettings, readSettings} from './pool-settings.js';
import {redactUrl} from './redis-url.js';
import {SentinelWatch} from './subscribers/sentinel-watch.js';
import {Subscription} from './subscribers/subscription.js';
import {createTopology, type Sentinels, type Topology} from './topology.js';
import type {
	AcquireOptions,
	Checkout,
	Lane,
	LaneEvent,
	Pool,
	PoolNode,
	Subscriber,
	SubscriberHandlers,
} from './types.js';

/**
 * Opens the connections to one Redis, and returns at once; `ready()` resolves when they are usable. While Redis is unreachable,
 * the pool keeps trying to connect, and commands reject with `NotConnectedError`.
 *
 * @throws {InvalidArgumentError} the URL or an option cannot be used.
 */
export const createPool = (options: PoolOptions = {}): Pool => new RedisPool(readSettings(options));

/** The parts of a pool: lanes that all callers share, connections that one caller borrows, and subscribers. */
class RedisPool implements Pool {
	readonly errorReplies = new ErrorReplies();
	readonly #settings: PoolSettings;
	readonly #topology: Topology;
	readonly #lanes: Lanes;
	readonly #checkouts: Checkouts;
	readonly #subscriptions = new Set<Subscription>();
	readonly #sentinelWatch: SentinelWatch | undefined;
	readonly #listeners = new Set<(event: LaneEvent) => void>();
	readonly #nodeListeners = new Set<() => void>();
	readonly #credentials: CredentialSource | undefined;
	#onCredentialsFailure: (error: CredentialsError) => void = () => {};
	#closing: Promise<void> | undefined;

	constructor(settings: PoolSettings) {
		const credentials =
			settings.credentials &&
			new CredentialSource({
				redactedUrl: redactUrl(settings.url),
				ask: settings.credentials,
				onFailure: (error) => this.#onCredentialsFailure(error),
			});
		const topology = createTopology(settings.url, settings, credentials);
		this.#credentials = credentials;
		const {redactedUrl} = topology;
		const {deadlineMs, capacity, missedDeadlines} = settings;
		this.#settings = settings;
		this.#topology = topology;
		this.#checkouts = new Checkouts({
			...settings.checkouts,
			redactedUrl,
			deadlineMs,
			open: topology.openExclusive,
			credentials,
			errorReplies: this.errorReplies,
			backoff: this.#newBackoff(),
		});
		const common = {count: settings.lanes, redactedUrl, drainMs: deadlineMs};
		const newLane = (options: Pick<LaneOptions, 'id' | 'traffic' | 'open'>, url = redactedUrl) =>
			new RedisLane({
				...options,
				redactedUrl: url,
				deadlineMs,
				capacity,
				missedDeadlines,
				errorReplies: this.errorReplies,
				backoff: this.#newBackoff(),
				onEvent: (event) => this.#onLaneEvent(event),
			});
		const {cluster} = topology;
		this.#lanes =
			cluster === undefined
				? new LaneSet({...common, newLane: (options) => newLane({...options, open: topology.openLane})})
				: new ClusterLanes({
						...common,
						seeds: cluster.seeds,
						connectGraceMs: deadlineMs / 2,
						newLane: (options) => newLane({...options, open: cluster.open(options.node)}, cluster.urlOf(options.node)),
						onChange: () => this.#onNodes(),
					});
		this.#sentinelWatch = topology.sentinels && this.#watch(topology.sentinels);
	}

	get lanes(): readonly Lane[] {
		return this.#lanes.all;
	}

	get topology(): 'standalone' | 'cluster' {
		return this.#topology.kind;
	}

	get url(): string {
		return this.#topology.redactedUrl;
	}

	get routing(): number {
		return this.#lanes.routing;
	}

	laneOf(key: string): Lane {
		return this.#lanes.laneOf(key);
	}

	get nodes(): readonly PoolNode[] {
		return this.#lanes.nodes;
	}

	nodeOf(key: string): PoolNode | undefined {
		return this.#lanes.nodeOf(key);
	}

	onNodes(listener: () => void): () => void {
		this.#nodeListeners.add(listener);
		return () => this.#nodeListeners.delete(listener);
	}

	checkNodes(): void {
		this.#lanes.checkNodes?.();
	}

	acquire(options?: AcquireOptions): Promise<Checkout> {
		return this.#checkouts.acquire(options);
	}

	subscriber(handlers: SubscriberHandlers): Subscriber {
		if (this.#closing !== undefined) throw new ClosedError('The pool');
		const {cluster, openSubscriber, redactedUrl} = this.#topology;
		const {node} = handlers;
		const subscription = new Subscription({
			...(cluster === undefined || node === undefined
				? {redactedUrl, open: openSubscriber}
				: {redactedUrl: cluster.urlOf(node), open: cluster.openSubscriber(node)}),
			credentials: this.#credentials,
			backoff: this.#newBackoff(),
			errorReplies: this.errorReplies,
			deadlineMs: this.#settings.deadlineMs,
			pingMs: handlers.pingMs ?? 500,
			isIdle: handlers.isIdle,
			topic: '__redis__:invalidate',
			asksDataSet: true,
			trackPrefix: handlers.trackPrefix,
			onReady: handlers.onReady,
			onRefused: (reason) => handlers.onRefused?.(reason),
			onLost: handlers.onLost,
			// A message that is not a list of keys counts as an invalidation of all keys.
			onMessage: (message) => handlers.onInvalidate(isListOfKeys(message) ? message : undefined),
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
		return this.#lanes.ready(timeoutMs);
	}

	onLane(listener: (event: LaneEvent) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	onCredentialsFailure(listener: (error: CredentialsError) => void): void {
		this.#onCredentialsFailure = listener;
	}

	snapshot(): PoolSnapshot {
		const lanes = this.#lanes.snapshot();
		const inFlight = lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
		return {
			// `inFlight` includes upkeep, which does not count against the capacity; hence the limit of 1.
			utilisation: Math.min(1, inFlight / (this.#settings.capacity * lanes.length)),
			lanes,
			checkouts: this.#checkouts.snapshot(),
			deadlineMs: this.#settings.deadlineMs,
		};
	}

	async resize(lanes: number): Promise<void> {
		if (this.#closing !== undefined) throw new ClosedError('The pool');
		await this.#lanes.resize(checkLaneCount(lanes));
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		this.#credentials?.close();
		this.#lanes.rejectReadyWaiters();
		this.#sentinelWatch?.close();
		for (const subscription of this.#subscriptions) subscription.close();
		this.#subscriptions.clear();
		this.#checkouts.close();
		await this.#lanes.close();
		this.#listeners.clear();
		this.#nodeListeners.clear();
	}

	#newBackoff(): Backoff {
		return new Backoff(this.#settings.reconnectMinMs, this.#settings.reconnectMaxMs);
	}

	#watch(sentinels: Sentinels): SentinelWatch {
		const {connections} = sentinels;
		const onSwitch = () => this.#onMasterSwitch('Sentinel has made another server the master');
		const watch = new SentinelWatch({
			...sentinels,
			masters: connections.known,
			redactedUrl: this.#topology.redactedUrl,
			deadlineMs: this.#settings.deadlineMs,
			newBackoff: () => this.#newBackoff(),
			onAnswer() {
				if (connections.leadElsewhere) onSwitch();
			},
			onSwitch,
		});
		connections.onMisled = () => watch.survey();
		return watch;
	}

	/** All connections lead to the old master. */
	#onMasterSwitch(reason: string): void {
		this.#lanes.resetAll(reason);
		for (const subscription of this.#subscriptions) subscription.reset(reason);
		this.#checkouts.dropAll(reason);
	}

	#onNodes(): void {
		for (const listener of [...this.#nodeListeners]) listener();
	}

	#onLaneEvent(event: LaneEvent): void {
		// Idle connections do not notice an outage; they were most likely lost together with the lane.
		if (event.type === 'ready') this.#lanes.onLaneReady();
		else if (event.type !== 'closed') {
			this.#lanes.onLaneLost();
			this.#checkouts.dropIdle(event.reason);
		}
		for (const listener of [...this.#listeners]) {
			try {
				listener(event);
			} catch (error) {
				// An error of a listener must not keep the lane from reconnecting.
				process.emitWarning(error instanceof Error ? error : String(error));
			}
		}
	}
}

function isListOfKeys(message: unknown): message is readonly Buffer[] {
	return Array.isArray(message) && message.every((key) => key instanceof Buffer);
}
