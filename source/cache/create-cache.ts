/**
 * The wiring of a cache. Its folders, each of which imports only those below it:
 *
 * - `redis-cache.ts` and `namespace-cache.ts`: the public classes. Each call is one function of `write/`, `load/` or `read/`.
 * - `live/`: offers the cache to `redis-cache-tui attach`, if its options ask for it.
 * - `transitions.ts`: the reactions of the parts when Redis goes out of use, when it comes back, and when the cache closes.
 * - `write/`: the calls that change entries, and the reconciler that settles changes after an outage.
 * - `load/`: `getOrSet`, with one load for a key at a time across processes.
 * - `read/`: reads from memory, and from Redis with one MGET for all reads of a turn.
 * - `tags/`: markers, by which `clear` and `invalidateTags` make older entries misses.
 * - `scripts/`: Lua scripts, sent in batches, with a deadline after which they do nothing.
 * - `outage/`: the mode, the circuit breaker, the recovery, and the detection of a Redis that lost changes.
 * - `observe/`: counters, events, and traces.
 * - `options/`: options checked and turned into settings.
 * - `journal/`: changes that Redis has not confirmed.
 * - `keys/`: the names of keys and namespaces in Redis.
 * - `memory/`: the entries in this process, and client tracking, by which Redis invalidates them.
 * - `entry/`: the bytes of an entry in Redis, and the codecs of values.
 * - `admission/`: the queue in which commands wait until they may be sent.
 * - `clock/`: local time, the server's clock, and the order of changes.
 * - `api/`: the public types and errors.
 * - `support/`: small functions and collections.
 */
import {createPool} from '../pool/create-pool.js';
import type {Pool} from '../pool/types.js';
import type {CacheOptions} from './api/cache-options.js';
import {ChangeClock} from './clock/change-clock.js';
import {ServerClocks} from './clock/server-clocks.js';
import {createCoherence} from './create-coherence.js';
import {createRecovery} from './create-recovery.js';
import {PendingWrites} from './journal/pending-writes.js';
import {KeyParser} from './keys/key-parser.js';
import {Flights} from './load/flights.js';
import type {GetOrSetParts} from './load/get-or-set.js';
import {Leases} from './load/leases.js';
import {FailedLoads} from './load/limits/failed-loads.js';
import {LoaderSlots} from './load/limits/loader-slots.js';
import {Recorder} from './observe/recorder.js';
import {Tracing} from './observe/tracing.js';
import {type Settings, toSettings} from './options/settings.js';
import {Availability} from './outage/availability.js';
import {FailureDomains} from './outage/domains/failure-domains.js';
import {Health} from './outage/health.js';
import {ModeController} from './outage/mode-controller.js';
import {Restrictions} from './outage/restrictions.js';
import type {SafetySwitches} from './outage/safety-switches.js';
import {lookUpAsync} from './read/look-up.js';
import {MgetBatcher} from './read/mget/mget-batcher.js';
import {redating} from './read/redating.js';
import {SlidingTtl} from './read/sliding-ttl.js';
import {touchingUsed} from './read/touch-used.js';
import {redateScript} from './scripts/key-scripts.js';
import {ScriptRunner} from './scripts/script-runner.js';
import type {StatsParts} from './stats.js';
import {namespaceLifeOf} from './tags/marker.js';
import {MarkerWriter} from './tags/marker-writer.js';
import {type CloseParts, createDomainReactions, createReactions} from './transitions.js';
import {type ExpireParts, expire} from './write/expire.js';
import type {InvalidateParts} from './write/invalidate.js';
import {KeyWriter} from './write/key-writer.js';
import type {SetParts} from './write/set.js';

/** The parts of a cache. Each call, and each part, declares the few that it uses. */
export type CacheParts = GetOrSetParts &
	SetParts &
	ExpireParts &
	InvalidateParts &
	StatsParts &
	CloseParts & {readonly tracing: Tracing; readonly clocks: ServerClocks};

/**
 * Builds a cache: creates the parts, and hands each the few that it uses. Connects at once, in the background.
 *
 * @throws {RedisCacheError} an option cannot be used, or the journal's file cannot be opened.
 */
export function createCache(options: CacheOptions, switches: SafetySwitches): CacheParts {
	const settings = toSettings(options);
	const pool = createPool(settings.pool);
	try {
		return createParts(settings, pool, switches);
	} catch (error) {
		// A cache that cannot be created leaves no connections behind.
		void pool.close();
		throw error;
	}
}

function createParts(settings: Settings, pool: Pool, switches: SafetySwitches): CacheParts {
	const {prefix, deadlineMs, coder, ttl} = settings;
	const server = pool.url;

	const clocks = new ServerClocks(pool, (ms, node) => recorder.clockStep(ms, node));
	const changes = new ChangeClock();
	const ownInvalidations = new ChangeClock(1024);
	const recorder = new Recorder();
	const tracing = new Tracing();
	const availability = new Availability();
	const flights = new Flights();
	const pendingWrites = new PendingWrites();
	const parser = new KeyParser(prefix);
	const {namespaces, isIdle, tracking, markers, hub, memory} = createCoherence({
		settings,
		pool,
		parser,
		changes,
		clocks,
		availability,
		recorder,
		readMarker: (markerKey) => batcher.readMarker(markerKey),
	});
	const namespaceLife = namespaceLifeOf(ttl.longestLifeMs);
	const scripts = new ScriptRunner({pool, clocks, availability, deadlineMs, isFencing: switches.fencing});

	const restrictions = new Restrictions(recorder, prefix);
	const health = new Health({
		deadlineMs,
		limits: settings.breaker,
		recorder,
		restrictions,
		onOpen: (reason) => modes.fallBack(reason),
		domains: () => domains,
	});
	const {dirtyKeys, journal, unconfirmed, reconciler, rollback, watch} = createRecovery({
		settings,
		pool,
		scripts,
		clocks,
		changes,
		parser,
		namespaces,
		pendingWrites,
		hub,
		markers,
		namespaceLife,
		availability,
		health,
		recorder,
		mayReconcile: (name) => domains.mayReconcile(name),
		areDirtyKeysEnabled: switches.dirtyKeys,
		fallBack: (reason) => modes.fallBack(reason),
	});

	const batcher = new MgetBatcher({
		pool,
		clocks,
		changes,
		markers,
		availability,
		unconfirmed,
		dirtyKeys,
		memory,
		tracking,
		coder,
		recorder,
		deadlineMs,
		mayRead: (lane) => watch.mayRead(lane),
		redate: redating((redisKey) => scripts.run(redateScript, redisKey, [])),
		onCommand(ms, redisKey) {
			recorder.latency.get.record(ms);
			health.success('reads', redisKey);
		},
		onCommandFailure(error, ms, calls, redisKey) {
			recorder.latency.get.record(ms);
			health.failure({operation: 'get', error, isWrite: false, calls, redisKey});
		},
	});
	const markerWriter = new MarkerWriter({
		availability,
		health,
		scripts,
		markers,
		namespaceLife,
		changes,
		pendingWrites,
		dirtyKeys,
		rollback,
		recorder,
	});
	const writer = new KeyWriter({
		availability,
		health,
		scripts,
		markers,
		markerWriter,
		pendingWrites,
		dirtyKeys,
		rollback,
		recorder,
		deadlineMs,
	});
	const leases = new Leases({
		availability,
		health,
		scripts,
		markerWriter,
		hub,
		changes,
		tracking,
		recorder,
		deadlineMs,
		isEnabled: switches.leases,
		loads: () => flights.size + batcher.waiting,
		lookUp: (namespace, key) => lookUpAsync(parts, namespace, key, true),
	});
	const touchUsed = touchingUsed({
		pool,
		usedMarkers: markers.used,
		usedEntries: memory.used,
		availability,
	});
	const sliding = ttl.sliding
		? new SlidingTtl((namespace, key) => expire(parts, namespace, key, undefined, {strict: false}))
		: undefined;

	const transitionParts = {
		availability,
		pool,
		domains: () => domains,
		batcher,
		scripts,
		dirtyKeys,
		reconciler,
		rollback,
		tracking,
		hub,
		markers,
		touchUsed,
		recorder,
		deadlineMs,
	};
	const domains = new FailureDomains({
		pool,
		clocks,
		availability,
		limits: settings.breaker,
		deadlineMs,
		probeMs: settings.probeMs,
		prefix,
		reactions: createDomainReactions(transitionParts, (reason) => modes.fallBack(reason)),
	});
	const modes: ModeController = new ModeController({
		pool,
		clocks,
		availability,
		health,
		domains,
		watch,
		probeMs: settings.probeMs,
		heartbeatMs: settings.heartbeatMs,
		isIdle,
		deadlineMs,
		prefix,
		onRights({writes}) {
			if (writes !== undefined) recorder.error('connect', writes);
			restrictions.checked('reads', undefined);
			restrictions.checked('writes', writes);
		},
		reactions: createReactions(transitionParts),
	});
	tracking.start({
		onGap: () => hub.gap(),
		onInvalidate: (redisKey) => hub.changed(redisKey),
		onInvalidateAll() {
			hub.gap();
			watch.dataSetReplaced();
		},
		isSameDataSet: (dataSet) => rollback.isSameDataSet(dataSet),
		onOtherServer: () => void watch.follow(),
	});
	pool.onCredentialsFailure((error) => recorder.error('connect', error));
	pool.onLane((event) =>
		recorder.events.emit('pool', {
			lane: event.lane.id,
			type: event.type,
			reason: event.type === 'ready' ? 'connected' : event.reason,
		}),
	);

	const parts: CacheParts = {
		settings,
		pool,
		server,
		deadlineMs,
		isStrict: settings.strict,
		hardTimeoutMs: settings.hardTimeoutMs,
		softTimeoutMs: settings.softTimeoutMs,
		areLeasesEnabled: switches.leases,
		availability,
		modes,
		domains: () => domains,
		clocks,
		changes,
		ownInvalidations,
		recorder,
		restrictions,
		tracing,
		namespaces,
		memory,
		tracking,
		markers,
		markerWriter,
		touchUsed,
		hub,
		batcher,
		sliding,
		scripts,
		writer,
		pendingWrites,
		unconfirmed,
		dirtyKeys,
		journal,
		reconciler,
		rollback,
		flights,
		leases,
		slots: new LoaderSlots(settings.loaderSlots),
		failedLoads: new FailedLoads(settings.retryAfterMs),
		coder,
		ttl,
	};
	return parts;
}
