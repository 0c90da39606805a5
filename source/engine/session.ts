import {randomUUID} from 'node:crypto';
import type {CacheOptions, TtlPolicy} from '../cache/api/types.js';
import type {RedisCache} from '../cache/redis-cache.js';
import type {Sender} from '../inspect/sender.js';
import {readServer} from '../inspect/server-info.js';
import type {CacheSnapshot, ModeChange, TtlHistogram} from '../metrics/snapshot.js';
import {ttlBuckets} from '../metrics/ttl-histogram.js';
import type {Workload, WorkloadOptions} from '../workload/workload.js';
import {Drills} from './drills.js';
import {eraseKeys} from './erase-keys.js';
import type {EventsWriter} from './events-log.js';
import {FaultControl} from './fault-control.js';
import {FaultEvents} from './fault-events.js';
import {logInWords, type ServerWords} from './mask-proxy-address.js';
import type {EngineOptions, ServerSnapshot, TargetSnapshot} from './protocol.js';
import {ServerWatch} from './server-watch.js';
import {Sweeps} from './sweeps.js';
import {awaitAnswer, describeTarget, type Inspection, openInspection, openTarget, type Target} from './target.js';
import {TestBed} from './test-bed.js';

/** Milliseconds after which a sample of TTLs is too old to speak for Redis. */
const sampleAgeMs = 6000;

/** Milliseconds that Redis gets to answer again, when what a drill wrote is to be removed. */
const eraseReadyMs = 1000;

/** Changes of mode that are shown, those of earlier stages included. */
const maxModes = 200;

/** Keys live for different times, so that there is something to see in the histogram. */
const demoTtl: TtlPolicy = {
	default: '1m',
	grace: '5m',
	patterns: [
		{match: /^item:.*[0-3]$/, ttl: '10s', grace: '30s'},
		{match: /^item:.*[7-9]$/, ttl: '10m', grace: '1h'},
	],
};

/** Everything that belongs to one Redis: server, proxy, cache with its traffic, and what is known of the server. */
export class Session {
	readonly startedAt = Date.now();
	readonly faults: FaultControl;
	readonly drills: Drills;
	readonly sweeps: Sweeps;
	readonly #target: Target;
	readonly #inspection: Inspection;
	readonly #options: EngineOptions;
	readonly #log: EventsWriter;
	readonly #watch: ServerWatch;
	readonly #removers: readonly (() => void)[];
	#stage: TestBed;
	/** Changes of mode of the stages before this one. */
	#pastModes: readonly ModeChange[] = [];

	/**
	 * Opens a target and starts on it.
	 *
	 * @param url Undefined: a private Redis.
	 * @throws {EngineError | InvalidArgumentError} nothing is left open then.
	 */
	static async open(url: string | undefined, options: EngineOptions, log: EventsWriter): Promise<Session> {
		const faultEvents = new FaultEvents(log);
		const target = await openTarget(url, options.embedded, (event) => {
			if (event.type === 'added') faultEvents.added(event.fault);
			else if (event.type === 'lifted') faultEvents.lifted(event.fault);
			else if (event.type === 'port taken')
				log.add({level: 'error', topic: 'fault', text: `the proxy waits for its port: ${event.error.message}`});
			else log.add({level: 'debug', topic: 'fault', text: 'a connection through the proxy does not speak RESP'});
		});
		let inspection: Inspection | undefined;
		try {
			inspection = openInspection(target);
			await awaitAnswer(inspection.pool, target);
			const first = await readServer(inspection.sender).catch(() => undefined);
			return new Session(target, inspection, options, logInWords(log, target.words), faultEvents, first);
		} catch (error) {
			await inspection?.close();
			await target.close();
			throw error;
		}
	}

	private constructor(
		target: Target,
		inspection: Inspection,
		options: EngineOptions,
		log: EventsWriter,
		faultEvents: FaultEvents,
		first: ServerSnapshot | undefined,
	) {
		this.#target = target;
		this.#inspection = inspection;
		this.#options = options;
		this.#log = log;
		this.#stage = this.#ownStage(options.workload);
		this.faults = new FaultControl(target.proxy, target.server, faultEvents, log);
		this.drills = new Drills(this, log);
		this.sweeps = new Sweeps(this, log);
		this.#watch = new ServerWatch(this.inspector, first);
		const onExit = (reason: string) =>
			log.add({level: 'error', topic: 'server', text: `${reason}; \`outage restart\` starts it again`});
		this.#removers = [
			this.faults.onChange((active) => {
				// A drill has its own opinion on when a fault is in force.
				if (!this.drills.running) this.workload.setFaultActive(active.length > 0);
			}),
			target.server?.onExit(onExit) ?? (() => undefined),
		];
	}

	get cache(): RedisCache {
		return this.#stage.cache;
	}

	get workload(): Workload {
		return this.#stage.workload;
	}

	get stage(): TestBed {
		return this.#stage;
	}

	/** The connection for looking at the server. */
	get inspector(): Sender {
		return this.#inspection.sender;
	}

	/** What a connection says, in words that make sense to people. */
	get words(): ServerWords {
		return this.#target.words;
	}

	get target(): TargetSnapshot {
		return describeTarget(this.#target, this.#watch.server?.info);
	}

	/** What the server said last. */
	get server(): ServerSnapshot | undefined {
		return this.#watch.server;
	}

	/**
	 * Puts a cache with other settings in the place of the one there is, which is closed. All its keys begin with a prefix
	 * that nobody else has, so that they can be removed, and two drills on one Redis do not meet.
	 */
	async changeStage(
		cache: Omit<CacheOptions, 'url' | 'namespace' | 'prefix'>,
		workload: WorkloadOptions,
	): Promise<TestBed> {
		const prefix = `rct-drill-${randomUUID().slice(0, 8)}`;
		const {namespace} = this.#options;
		return this.#replace(new TestBed(this.#target, {...cache, namespace, prefix}, workload, this.#log));
	}

	/** Closes a stage, and removes from Redis what its traffic left there. */
	async erase(stage: TestBed): Promise<void> {
		await stage.close();
		await this.#inspection.pool.ready(eraseReadyMs);
		await eraseKeys(this.inspector, stage.ownKeys());
	}

	/** Back to a cache with the session's own settings. */
	async restoreStage(workload: WorkloadOptions): Promise<TestBed> {
		return this.#replace(this.#ownStage(workload));
	}

	cacheSnapshot(): CacheSnapshot {
		const snapshot = this.cache.stats();
		const inWords = (change: ModeChange): ModeChange => ({...change, reason: this.words(change.reason)});
		const modes = [...this.#pastModes, ...snapshot.modes.map(inWords)].slice(-maxModes);
		return {...snapshot, mode: inWords(snapshot.mode), modes};
	}

	/** Of Redis while it is in use and could be sampled lately, else of the memory tier. */
	ttlHistogram(cache: CacheSnapshot): TtlHistogram {
		const sample = this.#watch.ttlSample;
		if (cache.mode.mode !== 'connected' || !sample || Date.now() - sample.at > sampleAgeMs) return cache.ttl;
		const {ttls, total, at} = sample;
		return {source: 'redis', buckets: ttlBuckets(ttls), sampled: ttls.length, total, at};
	}

	async close(): Promise<void> {
		for (const remove of this.#removers) remove();
		this.#watch.close();
		this.sweeps.stop();
		await this.drills.close();
		await this.#stage.close();
		this.faults.close();
		await this.#inspection.close();
		await this.#target.close();
	}

	#ownStage(workload: WorkloadOptions): TestBed {
		const {lanes, namespace} = this.#options;
		const pool = lanes === undefined ? {} : {lanes};
		return new TestBed(this.#target, {namespace, ttl: demoTtl, pool}, workload, this.#log);
	}

	async #replace(stage: TestBed): Promise<TestBed> {
		const previous = this.#stage;
		this.#pastModes = this.cacheSnapshot().modes;
		this.#stage = stage;
		await previous.close();
		return stage;
	}
}
