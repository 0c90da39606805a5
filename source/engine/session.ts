import {RedisCache} from '../cache/redis-cache.js';
import type {TtlPolicy} from '../cache/types.js';
import type {Sender} from '../inspect/sender.js';
import {readServer} from '../inspect/server-info.js';
import type {CacheSnapshot, TtlHistogram} from '../metrics/snapshot.js';
import {ttlBuckets} from '../metrics/ttl-histogram.js';
import type {Pool} from '../pool/types.js';
import {Workload} from '../workload/workload.js';
import {logCacheEvents} from './cache-events.js';
import {Drills} from './drills.js';
import type {EventsLog} from './events-log.js';
import {FaultControl} from './fault-control.js';
import {FaultEvents} from './fault-events.js';
import {Holds} from './holds.js';
import type {EngineOptions, ServerSnapshot, TargetSnapshot} from './protocol.js';
import {ServerWatch} from './server-watch.js';
import {awaitAnswer, describeTarget, openInspection, openTarget, type Target} from './target.js';

/** Milliseconds after which a sample of TTLs is too old to speak for Redis. */
const sampleAgeMs = 6000;

/** Keys live for different times, so that there is something to see in the histogram. */
const demoTtl: TtlPolicy = {
	default: '1m',
	grace: '5m',
	patterns: [
		{match: /^item:.*[0-3]$/, ttl: '10s', grace: '30s'},
		{match: /^item:.*[7-9]$/, ttl: '10m', grace: '1h'},
	],
};

type Parts = {
	readonly target: Target;
	readonly inspection: Pool;
	readonly cache: RedisCache;
	readonly first: ServerSnapshot | undefined;
};

/** Everything that belongs to one Redis: server, proxy, cache, workload, and what is known of the server. */
export class Session {
	readonly startedAt = Date.now();
	readonly cache: RedisCache;
	readonly workload: Workload;
	readonly faults: FaultControl;
	readonly drills: Drills;
	readonly holds: Holds;
	readonly #target: Target;
	readonly #inspection: Pool;
	readonly #watch: ServerWatch;
	readonly #removers: readonly (() => void)[];

	/**
	 * Opens a target and starts on it.
	 *
	 * @param url Undefined: a private Redis.
	 * @throws {EngineError | InvalidArgumentError} nothing is left open then.
	 */
	static async open(url: string | undefined, options: EngineOptions, log: EventsLog): Promise<Session> {
		const faultEvents = new FaultEvents(log);
		const target = await openTarget(url, options.embedded, (event) => {
			if (event.type === 'added') faultEvents.added(event.fault);
			else if (event.type === 'lifted') faultEvents.lifted(event.fault);
			else if (event.type === 'port taken')
				log.add({level: 'error', topic: 'fault', text: `the proxy waits for its port: ${event.error.message}`});
			else
				log.add({
					level: 'debug',
					topic: 'fault',
					text: 'a connection through the proxy does not speak the Redis protocol',
				});
		});
		const inspection = openInspection(target);
		try {
			await awaitAnswer(inspection, target.shownUrl);
			const [lane] = inspection.lanes;
			const first = lane && (await readServer(lane).catch(() => undefined));
			const cache = new RedisCache({
				url: target.cacheUrl,
				namespace: options.namespace,
				ttl: demoTtl,
				pool: {
					...(options.lanes === undefined ? {} : {lanes: options.lanes}),
					...(target.tls ? {tls: target.tls} : {}),
				},
			});
			return new Session({target, inspection, cache, first}, options, log, faultEvents);
		} catch (error) {
			await inspection.close();
			await target.close();
			throw error;
		}
	}

	private constructor(
		{target, inspection, cache, first}: Parts,
		options: EngineOptions,
		log: EventsLog,
		faultEvents: FaultEvents,
	) {
		this.#target = target;
		this.#inspection = inspection;
		this.cache = cache;
		this.workload = new Workload(cache, options.workload);
		this.faults = new FaultControl(target.proxy, target.server, faultEvents, log);
		this.drills = new Drills();
		this.holds = new Holds(this.pool, log);
		this.#watch = new ServerWatch(this.inspector, first);
		this.#removers = [
			logCacheEvents(cache, log),
			this.faults.onChange((active) => this.workload.setFaultActive(active.length > 0)),
			target.server?.onExit((reason) =>
				log.add({level: 'error', topic: 'server', text: `${reason}; \`outage restart\` starts it again`}),
			) ?? (() => undefined),
		];
	}

	/** The pool of the cache. */
	get pool(): Pool {
		return this.cache.core.pool;
	}

	/** The connection for looking at the server. */
	get inspector(): Sender {
		const [lane] = this.#inspection.lanes;
		if (!lane) throw new Error('a pool has at least one lane');
		return lane;
	}

	get target(): TargetSnapshot {
		return describeTarget(this.#target, this.#watch.server?.info);
	}

	/** What the server said last. */
	get server(): ServerSnapshot | undefined {
		return this.#watch.server;
	}

	/** What the cache puts before the keys of its namespace. */
	get keyPrefix(): string {
		const {core} = this.cache;
		return core.space(core.settings.namespace).keys.entryPrefix;
	}

	flushMemory(): void {
		for (const {tier} of this.cache.core.spaces()) tier?.clear();
	}

	/** Of Redis while it is in use and could be sampled lately, else of the memory tier. */
	ttlHistogram(cache: CacheSnapshot): TtlHistogram {
		const sample = this.#watch.ttlSample;
		if (cache.mode.mode !== 'connected' || !sample || Date.now() - sample.at > sampleAgeMs) return cache.ttl;
		return {
			source: 'redis',
			buckets: ttlBuckets(sample.ttls),
			sampled: sample.ttls.length,
			total: sample.total,
			at: sample.at,
		};
	}

	async close(): Promise<void> {
		for (const remove of this.#removers) remove();
		this.#watch.close();
		this.holds.close();
		await this.drills.close();
		this.workload.close();
		await this.cache.close();
		this.faults.close();
		await this.#inspection.close();
		await this.#target.close();
	}
}
