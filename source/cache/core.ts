import {randomUUID} from 'node:crypto';
import {LatencyWindow} from '../metrics/latency-window.js';
import {ClosedError, InvalidArgumentError} from '../pool/errors.js';
import type {Pool} from '../pool/types.js';
import {UnavailableError} from './api/errors.js';
import {KeyParser} from './keys/key-parser.js';
import type {Namespace} from './keys/namespace.js';
import {Namespaces} from './keys/namespaces.js';
import {Flights} from './load/flights.js';
import {ChangeClock} from './memory/change-clock.js';
import {ClientTracking} from './memory/client-tracking.js';
import {InvalidationHub} from './memory/invalidation-hub.js';
import {createCounters} from './observe/counters.js';
import {CacheEmitter} from './observe/events.js';
import type {Settings} from './options/settle-options.js';
import {DirtyKeys} from './outage/dirty-keys.js';
import {Failures} from './outage/failures.js';
import type {Journal} from './outage/journal.js';
import {ModeController} from './outage/mode-controller.js';
import {Reconciler} from './outage/reconciler.js';
import {RollbackDetector} from './outage/rollback-detector.js';
import type {SafetySwitches} from './outage/safety-switches.js';
import {MgetBatcher} from './read/mget-batcher.js';
import {ScriptRunner} from './scripts/script-runner.js';
import {localNow, ServerClock} from './support/server-clock.js';
import {waitAtMost} from './support/wait-at-most.js';
import {InvalidationTimes} from './tags/invalidation-times.js';
import {PendingWrites} from './write/pending-writes.js';

const maxReconcileDelayMs = 5000;

/** What all namespaces of a cache share: the connections, what is known of Redis, and what is not yet known by it. */
export class CacheCore {
	readonly clock = new ServerClock();
	readonly changes = new ChangeClock();
	readonly marks = new InvalidationTimes(() => this.trustUntil());
	readonly flights = new Flights();
	readonly owned = new PendingWrites();
	readonly emitter = new CacheEmitter();
	readonly counters = createCounters();
	readonly latency = {
		get: new LatencyWindow(),
		set: new LatencyWindow(),
		delete: new LatencyWindow(),
		load: new LatencyWindow(),
	};
	readonly startedAt = Date.now();
	readonly journal: Journal;
	/** What is not known to be in Redis. */
	readonly dirty: DirtyKeys;
	readonly news: InvalidationHub;
	readonly reader: MgetBatcher;
	readonly runner: ScriptRunner;
	readonly reconciler: Reconciler;
	readonly degradation: ModeController;
	readonly coherence: ClientTracking;
	readonly rollback: RollbackDetector;
	/** Calls that have not settled. */
	pending = 0;
	/** Whether Redis is in use and the cache is open: a plain field, for the hot path. */
	inUse = false;
	readonly failures = new Failures(this.counters, this.emitter);
	readonly spaces: Namespaces;
	#lastStamp = 0;
	#reconcileDelayMs = 0;
	#closed = false;
	#closing: Promise<void> | undefined;
	readonly #onClose = new Set<() => void>();

	constructor(
		readonly settings: Settings,
		readonly pool: Pool,
		readonly mechanisms: SafetySwitches,
	) {
		const names = new KeyParser(settings.prefix);
		this.spaces = new Namespaces(settings.prefix, settings.memory, (namespace, key) => this.#onEvict(namespace, key));
		this.dirty = new DirtyKeys(settings, this.clock, names, mechanisms, {
			onNoted: (settledAt) => {
				if (this.connected) this.reconciler.noted(settledAt);
			},
			onOverflow: () => this.degradation.fallBack('the journal overflowed'),
			onProblem: (error) => this.emitter.emit('error', {operation: 'journal', error}),
		});
		this.journal = this.dirty.journal;
		this.news = new InvalidationHub(names, this.spaces.byName, this.changes, this.marks);
		this.reader = new MgetBatcher(pool, this.clock, this.changes, this.marks, settings.deadlineMs, {
			onBatch: (startedAt, endedAt) => {
				this.latency.get.record(endedAt - startedAt);
				this.degradation.success();
			},
			onFailure: (error, startedAt, endedAt, calls) => {
				this.latency.get.record(endedAt - startedAt);
				this.failed('get', error, false, calls);
			},
			mayRead: (lane) => this.degradation.mayRead(lane),
		});
		this.runner = new ScriptRunner(
			pool,
			this.clock,
			mechanisms,
			settings.deadlineMs,
			() => this.connected && !this.#closed,
		);
		this.reconciler = new Reconciler(this.journal, this.runner, this.clock, {
			onKey: (physical) => {
				if (!this.owned.has(physical)) this.news.reconciled(physical);
			},
			onMark: (markKey, value) => {
				if (value === undefined) this.marks.learn(markKey, 0, -1);
				else this.marks.moved(markKey, value, localNow(), -1);
				this.news.changed(markKey);
			},
			onRound: (round) => {
				this.#reconcileDelayMs = 0;
				this.emitter.emit('reconcile', round);
			},
			onFailure: (error) => this.#onReconcileFailure(error),
		});
		this.rollback = new RollbackDetector(
			pool,
			{beatKey: `${settings.prefix}:!!beat:${randomUUID()}`, limit: settings.journal.maxKeys},
			{
				onLostKey: (physical) => this.dirty.noteKey(physical, localNow()),
				onLostMark: (markKey) => this.dirty.noteMark(markKey, localNow()),
				onUnguarded: (error) => this.#onUnguarded(error),
				onLostMore: () => {
					for (const space of this.spaces) this.dirty.noteMark(space.keys.markKey, localNow());
				},
			},
		);
		this.coherence = new ClientTracking(pool, settings.prefix, settings.memory === undefined, {
			onGap: () => this.news.missed(),
			onChange: (physical) => this.news.changed(physical),
			onChangeAll: () => {
				this.news.missed();
				// FLUSHALL, or a server that makes room for the data of another one.
				this.degradation.verify();
			},
			isSameServer: (dataSet) => this.rollback.isSame(dataSet),
			onStranger: () => void this.degradation.follow(),
		});
		this.degradation = new ModeController(
			pool,
			this.clock,
			{
				limits: settings.breaker,
				probeMs: settings.probeMs,
				deadlineMs: settings.deadlineMs,
				probeKey: `${settings.prefix}:!!probe`,
			},
			{
				onFallback: (reason) => {
					this.reader.abandon(new UnavailableError(`Redis is not in use (${reason}): try again later`));
					this.runner.letGo();
					this.dirty.settleSoon(settings.deadlineMs * 2);
					this.reconciler.suspend();
				},
				recover: () => this.#recover(),
				onHeartbeat: () => void this.rollback.beat(),
				isSameServer: (lane) => this.rollback.isKnown(lane),
				onProblem: (error) => this.emitter.emit('error', {operation: 'connect', error}),
				onMode: (now, previous) => {
					// Writes that came between the end of the recovery and now are still noted.
					this.inUse = now.mode === 'connected' && !this.#closed;
					if (now.mode === 'connected') {
						this.reconciler.schedule();
						// It may have connected anew after the recovery had found out where the lanes lead.
						this.coherence.confirm();
					}
					this.emitter.emit('mode', {...now, previous});
				},
			},
		);
		pool.onLane((event) => {
			if (this.emitter.wants('pool'))
				this.emitter.emit('pool', {
					lane: event.lane.id,
					type: event.type,
					reason: event.type === 'ready' ? 'connected' : event.reason,
				});
		});
	}

	get closed(): boolean {
		return this.#closed;
	}

	get connected(): boolean {
		return this.degradation.connected;
	}

	assertOpen(): void {
		if (this.#closed) throw new ClosedError('the cache');
	}

	/** @throws {UnavailableError} Redis is not in use. */
	assertInUse(): void {
		if (!this.connected)
			throw new UnavailableError(
				`Redis is not in use (${this.degradation.mode.reason}): try again later, or call without strict`,
			);
	}

	/** Whether only this process knows the truth about a key: it is not to be read from Redis. */
	isOurs(space: Namespace, physical: string): boolean {
		return this.owned.has(physical) || this.owned.has(space.keys.markKey) || this.isDirty(space, physical);
	}

	/** Whether what Redis has of a key is not known, and is to be removed before it is read. */
	isDirty(space: Namespace, physical: string): boolean {
		return this.dirty.has(physical, space.keys.markKey);
	}

	/** A server time, certainly not earlier than now, and later than every one before it. */
	stamp(): number {
		this.#lastStamp = Math.max(this.#lastStamp + 1, this.clock.notBefore());
		return this.#lastStamp;
	}

	/** Until when an entry that was just read or written may be believed without asking. */
	trustUntil(now?: number): number {
		switch (this.coherence.state.kind) {
			case 'tracking':
				return Number.POSITIVE_INFINITY;
			case 'ttl':
				return (now ?? localNow()) + (this.settings.memory?.trustMs ?? 0);
			case 'gap':
				return 0;
		}
	}

	/** This process changes a key: nothing that began before it may be kept. */
	changing(physical: string): void {
		this.changes.note(physical);
		this.flights.detach(physical);
	}

	/**
	 * Counts and reports what Redis, or the way to it, did wrong.
	 *
	 * @param calls How many failed with it. Only the first has to tell.
	 */
	failed(operation: string, error: Error, write: boolean, calls = 1): void {
		if (!this.failures.note(error)) return;
		this.degradation.failure(error, write, calls);
		this.failures.tell(operation, error);
	}

	/** Calls back when the cache closes. Returns what takes that back. */
	onClose(listener: () => void): () => void {
		this.#onClose.add(listener);
		return () => this.#onClose.delete(listener);
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		this.#closed = true;
		this.inUse = false;
		this.flights.abort(new ClosedError('the cache'));
		this.reader.abandon(new ClosedError('the cache'));
		this.runner.letGo();
		// Nobody else will tell Redis of it.
		if (this.connected && this.journal.size > 0)
			await waitAtMost(
				this.reconciler.drain().catch(() => {}),
				this.settings.deadlineMs,
			);
		this.degradation.close();
		this.coherence.close();
		this.reconciler.close();
		this.runner.release();
		for (const listener of [...this.#onClose]) listener();
		this.news.close();
		await this.pool.close();
		// Changes that were under way are noted before the journal closes: they settle now, or at their deadlines.
		await this.owned.idle();
		this.journal.close();
		for (const space of this.spaces) space.tier?.clear();
	}

	async #recover(): Promise<void> {
		// Redis may be another one, or empty: nothing known of it holds.
		this.marks.forgetEnsured();
		this.news.missed();
		await Promise.all([this.rollback.check(), this.runner.prepare()]);
		this.coherence.confirm();
		await this.reconciler.drain();
	}

	#onReconcileFailure(error: Error): void {
		this.failed('reconcile', error, true);
		this.#reconcileDelayMs = Math.min(Math.max(this.#reconcileDelayMs * 2, this.settings.probeMs), maxReconcileDelayMs);
		if (this.connected) this.reconciler.schedule(this.#reconcileDelayMs);
	}

	#onUnguarded(error: Error): void {
		this.emitter.emit('error', {
			operation: 'connect',
			error: new InvalidArgumentError(
				`this user may not look at INFO, DBSIZE and GET (${error.message}): a Redis that goes back in time will not be noticed`,
				{cause: error},
			),
		});
	}

	#onEvict(namespace: string, key: string): void {
		this.counters.evictions++;
		// In a turn of its own: memory is in the middle of making room, and a listener may use the cache.
		if (this.emitter.wants('evict')) setImmediate(() => this.emitter.emit('evict', {namespace, key}));
	}
}
