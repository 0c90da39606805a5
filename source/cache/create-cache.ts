/**
 * The wiring of a cache, with three groups of parts in `create-coherence.ts`, `create-recovery.ts` and `create-modes.ts`. The
 * folders of the cache, each of which imports only those below it:
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
import {isStuck} from '../pool/lanes/is-stuck.js';
import type {Lane, Pool} from '../pool/types.js';
import type {CacheOptions} from './api/cache-options.js';
import type {CacheParts} from './cache-parts.js';
import {ChangeClock} from './clock/change-clock.js';
import {ServerClocks} from './clock/server-clocks.js';
import {createAutoCoherence} from './create-auto-coherence.js';
import {createCoherence} from './create-coherence.js';
import {createModes} from './create-modes.js';
import {createRecovery} from './create-recovery.js';
import {OvertakenWrites} from './journal/overtaken-writes.js';
import {PendingWrites} from './journal/pending-writes.js';
import {KeyParser} from './keys/key-parser.js';
import {Flights} from './load/flights.js';
import {AwaitedKeys} from './load/lease/awaited-keys.js';
import {Leases} from './load/lease/leases.js';
import {ExpectedMisses} from './load/lease-read/expected-misses.js';
import {FailedLoads} from './load/limits/failed-loads.js';
import {LoaderSlots} from './load/limits/loader-slots.js';
import {Recorder} from './observe/recorder.js';
import {Tracing} from './observe/tracing.js';
import {type Settings, toSettings} from './options/settings.js';
import {Availability} from './outage/availability.js';
import {Health} from './outage/health/health.js';
import {Restrictions} from './outage/restrictions.js';
import {leastRights} from './outage/rights.js';
import type {SafetySwitches} from './outage/safety-switches.js';
import {lookUpAsync} from './read/look-up.js';
import {MgetBatcher} from './read/mget/mget-batcher.js';
import {redating} from './read/redating.js';
import {SlidingTtl} from './read/sliding-ttl.js';
import {touchingUsed} from './read/touch-used.js';
import {redateScript} from './scripts/key-scripts.js';
import {ScriptRunner} from './scripts/script-runner.js';
import {namespaceLifeOf} from './tags/marker.js';
import {MarkerWriter} from './tags/marker-writer.js';
import {expire} from './write/expire.js';
import {KeyWriter} from './write/key-writer.js';

/**
 * Builds a cache: creates the parts, and passes each the few that it uses. Connects at once, in the background.
 *
 * @throws {RedisCacheError} an option cannot be used, or the journal's file cannot be opened.
 */
export function createCache(options: CacheOptions, switches: SafetySwitches): CacheParts {
	const settings = toSettings(options);
	const pool = createPool(settings.pool);
	try {
		return createParts(settings, pool, switches);
	} catch (error) {
		// If the cache cannot be created, no connections must stay open.
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
	// The parts that nearly all others use.
	const common = {pool, clocks, changes, availability, recorder, deadlineMs};

	const flights = new Flights();
	const pendingWrites = new PendingWrites();
	const overtakenWrites = new OvertakenWrites();
	const parser = new KeyParser(prefix);
	const {namespaces, isIdle, tracking, markers, hub, memory} = createCoherence({
		...common,
		settings,
		parser,
		readMarker: (markerKey) => batcher.readMarker(markerKey),
	});
	const namespaceLife = namespaceLifeOf(ttl.longestLifeMs);
	// The node that executes the command announces the change, and may not have a subscriber yet.
	const onMigrating = (redisKey: string) => hub.changed(redisKey);
	const scripts = new ScriptRunner({
		pool,
		clocks,
		availability,
		deadlineMs,
		isFencing: switches.fencing,
		onMigrating,
	});

	const aclLine = leastRights(prefix, pool.topology);
	const restrictions = new Restrictions(recorder, aclLine);
	const health = new Health({
		deadlineMs,
		limits: settings.breaker,
		recorder,
		restrictions,
		onOpen: (reason, isSilent) => modes.fallBack(reason, isSilent),
		domains: () => domains,
	});
	const {dirtyKeys, journal, unconfirmed, reconciler, rollback, watch} = createRecovery({
		...common,
		settings,
		scripts,
		parser,
		namespaces,
		pendingWrites,
		overtakenWrites,
		hub,
		markers,
		namespaceLife,
		health,
		mayReconcile: (name) => domains.mayReconcile(name),
		areDirtyKeysEnabled: switches.dirtyKeys,
		isLaneInUse: (lane) => availability.isConnected && (domains.ofLane(lane)?.isInUse ?? pool.topology !== 'cluster'),
		fallBack(reason, address) {
			if (address === undefined) modes.fallBack(reason);
			else domains.loseAt(address, reason);
		},
	});

	const mayRead = (lane: Lane) => watch.mayRead(lane);
	const stuckLaneParts = {pool, deadlineMs, mayUse: mayRead};
	const batcher = new MgetBatcher({
		...common,
		markers,
		unconfirmed,
		dirtyKeys,
		memory,
		tracking,
		coder,
		mayRead: (lane) => mayRead(lane) && !isStuck(stuckLaneParts, lane),
		onMigrating,
		redate: redating((redisKey) => scripts.run(redateScript, redisKey, [])),
		onCommand(ms, redisKey, now) {
			recorder.latency.get.record(ms, now);
			health.success('reads', redisKey, now);
		},
		onCommandFailure(error, ms, calls, redisKey) {
			recorder.latency.get.record(ms);
			health.failure({operation: 'get', error, isWrite: false, calls, redisKey});
		},
	});
	const markerWriter = new MarkerWriter({
		...common,
		health,
		scripts,
		markers,
		namespaceLife,
		pendingWrites,
		dirtyKeys,
		rollback,
		hub,
	});
	const writer = new KeyWriter({
		...common,
		health,
		scripts,
		markers,
		markerWriter,
		pendingWrites,
		overtakenWrites,
		dirtyKeys,
		rollback,
		tracking,
		hub,
	});
	const leases = new Leases({
		...common,
		awaitedKeys: new AwaitedKeys({pool, tracking, hub, changes, availability}),
		health,
		scripts,
		markerWriter,
		hub,
		tracking,
		markers,
		memory,
		unconfirmed,
		coder,
		batcher,
		leaseReads: flights.leaseReads,
		leased: flights.leased,
		mayRead,
		isEnabled: switches.leases,
		loads: () => flights.size + flights.leaseReads.size + batcher.waiting,
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

	const {domains, modes} = createModes({
		...common,
		settings,
		health,
		restrictions,
		aclLine,
		isIdle,
		watch,
		batcher,
		scripts,
		dirtyKeys,
		reconciler,
		rollback,
		tracking,
		hub,
		markers,
		parser,
		touchUsed,
	});

	const autoCoherence = createAutoCoherence({settings, pool, tracking, hub, batcher, memory, recorder});
	const parts: CacheParts = {
		...common,
		settings,
		server,
		isStrict: settings.strict,
		hardTimeoutMs: settings.hardTimeoutMs,
		softTimeoutMs: settings.softTimeoutMs,
		areLeasesEnabled: switches.leases,
		modes,
		domains: () => domains,
		autoCoherence,
		ownInvalidations,
		restrictions,
		tracing,
		parser,
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
		expectedMisses: new ExpectedMisses(),
		coder,
		ttl,
	};
	return parts;
}
