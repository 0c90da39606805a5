import {randomUUID} from 'node:crypto';
import type {CacheOptions, TtlPolicy} from '../../../cache/api/types.js';
import {Namespace} from '../../../cache/keys/namespace.js';
import {defaultPrefix} from '../../../cache/options/settings.js';
import type {RedisCache} from '../../../cache/redis-cache.js';
import {idleWorkload} from '../../../drills/application/idle-workload.js';
import {type ErrorCounts, joinErrors, noErrorCounts} from '../../../inspect/server/activity/own/owed-errors.js';
import type {CacheSnapshot, ModeChange} from '../../../metrics/snapshot.js';
import {ClosedError} from '../../../pool/errors.js';
import type {WorkloadOptions} from '../../../workload/workload.js';
import type {WorkloadSnapshot} from '../../../workload/workload-snapshot.js';
import type {EventsWriter} from '../../log/events-log.js';
import type {Target} from '../../target/target.js';
import {TestBed} from './test-bed.js';
import {unopenedCache} from './unopened-cache.js';

/** Limit of mode changes in a snapshot, including those of earlier test beds. */
const maxModes = 200;

/** Milliseconds that a cache that is opened on demand has to connect. */
const openMs = 3000;

/** Keys have different TTLs, so that the TTL histogram is not empty. */
const demoTtl: TtlPolicy = {
	default: '1m',
	grace: '5m',
	patterns: [
		{match: /^item:.*[0-3]$/, ttl: '10s', grace: '30s'},
		{match: /^item:.*[7-9]$/, ttl: '10m', grace: '1h'},
	],
};

/** On an external Redis all keys have the same short TTL, so that keys left by a killed program soon expire. */
const externalTtl: TtlPolicy = {default: '1m', grace: '5m'};

type TestBedsOptions = {
	readonly target: Target;
	readonly namespace: string;
	/** Lanes of the cache's pool. Default: the cache's own. */
	readonly lanes: number | undefined;
	/**
	 * True where this cache is not shown, as with an application: it is opened only for a typed command, with one lane,
	 * and without a memory tier, which would need a connection for invalidations.
	 */
	readonly isOnDemand: boolean;
	/** Traffic on the first test bed. */
	readonly workload: WorkloadOptions;
	readonly log: EventsWriter;
	/** Removes the keys that the workload of a test bed has written. Never rejects. */
	readonly erase: (testBed: TestBed) => Promise<void>;
};

/** The test bed in use, one at a time: that of the session, or that of a drill while it runs. */
export class TestBeds {
	readonly #options: TestBedsOptions;
	readonly #startedAt = Date.now();
	#current: TestBed | undefined;
	#opening: Promise<void> | undefined;
	#isClosed = false;
	/** Mode changes of earlier test beds. */
	#pastModes: readonly ModeChange[] = [];
	/** Error replies to earlier test beds. */
	#pastErrors = noErrorCounts;

	constructor(options: TestBedsOptions) {
		this.#options = options;
		if (!options.isOnDemand) this.#current = this.#open(options.workload);
	}

	/** Error replies to all test beds so far. */
	get errorReplies(): ErrorCounts {
		return this.#current === undefined
			? this.#pastErrors
			: joinErrors(this.#pastErrors, this.#current.pool.errorReplies);
	}

	/**
	 * Opens it, if it is opened on demand.
	 *
	 * @throws {ClosedError} The test bed is not open, and the session has ended.
	 */
	get current(): TestBed {
		this.#current ??= this.#open(this.#options.workload);
		return this.#current;
	}

	/** Undefined until it is needed, where it is opened on demand. */
	get opened(): TestBed | undefined {
		return this.#current;
	}

	/** The cache, for a typed command. If it is opened for that, waits for its connection, since it stores no values before. */
	async openCache(): Promise<RedisCache> {
		this.#opening ??=
			this.#current === undefined ? this.current.cache.ready(openMs).catch(() => {}) : Promise.resolve();
		await this.#opening;
		return this.current.cache;
	}

	/** Prefix of the entries of the cache's namespace. */
	get keyPrefix(): string {
		return this.#current?.keyPrefix ?? new Namespace(defaultPrefix, this.#options.namespace, undefined).entryPrefix;
	}

	/** Traffic of the test bed in use. */
	workloadSnapshot(): WorkloadSnapshot {
		return (this.#current?.workload ?? idleWorkload).snapshot();
	}

	/**
	 * Replaces the test bed by one for a drill. All its keys begin with a prefix that nothing else uses, so that they can
	 * be erased, and two drills on one Redis do not share keys.
	 */
	async openForDrill(
		cache: Omit<CacheOptions, 'url' | 'namespace' | 'prefix'>,
		workload: WorkloadOptions,
	): Promise<TestBed> {
		const {target, namespace, log} = this.#options;
		this.#assertOpen();
		const prefix = `rct-drill-${randomUUID().slice(0, 8)}`;
		return this.#replaceBy(new TestBed({target, cache: {...cache, namespace, prefix}, workload, log}));
	}

	/** Replaces the test bed by one with the session's own settings. */
	async restore(workload: WorkloadOptions): Promise<TestBed> {
		return this.#replaceBy(this.#open(workload));
	}

	/** Snapshot of the cache in use, with the mode changes of earlier ones. Reasons name the server, not the proxy. */
	cacheSnapshot(): CacheSnapshot {
		const {maskProxyAddress} = this.#options.target;
		if (this.#current === undefined) return unopenedCache(this.#startedAt, Date.now());
		const snapshot = this.#current.cache.stats();
		const masked = (change: ModeChange): ModeChange => ({...change, reason: maskProxyAddress(change.reason)});
		const modes = [...this.#pastModes, ...snapshot.modes.map(masked)].slice(-maxModes);
		return {...snapshot, mode: masked(snapshot.mode), modes};
	}

	/** No test bed is opened after this, since it would never be closed. */
	async close(): Promise<void> {
		this.#isClosed = true;
		if (this.#current !== undefined) await this.#closeBed(this.#current);
	}

	#assertOpen(): void {
		if (this.#isClosed) throw new ClosedError('the engine');
	}

	#open(workload: WorkloadOptions): TestBed {
		this.#assertOpen();
		const {target, namespace, lanes, isOnDemand, log} = this.#options;
		const settings = {
			namespace,
			...(isOnDemand ? {pool: {lanes: 1}, memory: false as const} : {}),
			...(isOnDemand || lanes === undefined ? {} : {pool: {lanes}}),
		};
		if (target.server) return new TestBed({target, cache: {...settings, ttl: demoTtl}, workload, log});
		const cache = {...settings, ttl: externalTtl};
		const workloadNamespace = `workload-${randomUUID().slice(0, 8)}`;
		return new TestBed({target, cache, workload, workloadNamespace, log});
	}

	async #replaceBy(testBed: TestBed): Promise<TestBed> {
		const previous = this.#current;
		this.#pastModes = this.cacheSnapshot().modes;
		this.#pastErrors = this.errorReplies;
		this.#current = testBed;
		if (previous !== undefined) await this.#closeBed(previous);
		return testBed;
	}

	async #closeBed(testBed: TestBed): Promise<void> {
		await testBed.close();
		if (testBed.leavesKeys) await this.#options.erase(testBed);
	}
}
