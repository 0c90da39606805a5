import {randomUUID} from 'node:crypto';
import {LatencyWindow} from '../metrics/latency-window.js';
import {ClosedError, DeadlineError, InvalidArgumentError, OverloadError, ServerError} from '../pool/errors.js';
import type {Pool} from '../pool/types.js';
import {ChangeLog} from './change-log.js';
import {Coherence} from './coherence.js';
import {createCounters} from './counters.js';
import {Degradation} from './degradation.js';
import {UnavailableError} from './errors.js';
import {CacheEmitter} from './events.js';
import {Flights} from './flights.js';
import {type DirtyChange, Journal} from './journal.js';
import {JournalFile} from './journal-file.js';
import {anyTagOf, checkName, KeySpace} from './keys.js';
import {Marks} from './marks.js';
import type {Mechanisms} from './mechanisms.js';
import {MemoryBudget} from './memory-budget.js';
import {MemoryTier} from './memory-tier.js';
import {OwnedChanges} from './owned-changes.js';
import {Reader} from './reader.js';
import {Reconciler} from './reconciler.js';
import {RollbackGuard} from './rollback-guard.js';
import {ScriptRunner} from './script-runner.js';
import {localNow, ServerClock} from './server-clock.js';
import type {Settings} from './settings.js';
import type {Space} from './space.js';

const maxSpaces = 1024;
const maxReconcileDelayMs = 5000;

/** What all namespaces of a cache share: the connections, what is known of Redis, and what is not yet known by it. */
export class CacheCore {
	readonly clock = new ServerClock();
	readonly changes = new ChangeLog();
	readonly marks = new Marks(() => this.trustUntil());
	readonly flights = new Flights();
	readonly owned = new OwnedChanges();
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
	readonly reader: Reader;
	readonly runner: ScriptRunner;
	readonly reconciler: Reconciler;
	readonly degradation: Degradation;
	readonly coherence: Coherence;
	readonly rollback: RollbackGuard;
	/** Calls that have not settled. */
	pending = 0;
	/** Whether Redis is in use and the cache is open: a plain field, for the hot path. */
	inUse = false;
	/** Until when writes of values are not tried, because Redis said it is full. */
	fullUntil = 0;
	readonly #spaces = new Map<string, Space>();
	readonly #memory: MemoryBudget | undefined;
	readonly #watchers = new Map<string, Set<() => void>>();
	#lastStamp = 0;
	#reconcileDelayMs = 0;
	#closed = false;
	#closing: Promise<void> | undefined;
	readonly #onClose = new Set<() => void>();
	/** Errors that were counted: many calls may fail with one. */
	readonly #counted = new WeakSet<Error>();
	#sheddingSaidAt = 0;
	/** What Redis said when it was last found to be full. */
	fullError: Error | undefined;

	constructor(
		readonly settings: Settings,
		readonly pool: Pool,
		readonly mechanisms: Mechanisms,
	) {
		this.#memory = settings.memory === undefined ? undefined : new MemoryBudget(settings.memory);
		const file = settings.journal.path === undefined ? undefined : new JournalFile(settings.journal.path);
		this.journal = new Journal(settings.journal.maxKeys, file, (error) => this.#onJournalFileFailure(error));
		const latest = localNow() + settings.deadlineMs;
		for (const {kind, name, change: noted} of file?.left ?? []) {
			// The clock of the process that wrote it may have been ahead of ours.
			const change = {...noted, settledAt: Math.min(noted.settledAt, latest)};
			if (kind === 'mark') this.#journalMark(name, change);
			else this.journal.addKey(name, this.#markKeyOf(name), this.#entryPrefixOf(name), change);
		}
		this.reader = new Reader(pool, this.changes, this.marks, settings.deadlineMs, {
			onBatch: (startedAt, endedAt) => {
				this.latency.get.record(endedAt - startedAt);
				this.degradation.success();
			},
			onFailure: (error, startedAt, endedAt) => {
				this.latency.get.record(endedAt - startedAt);
				this.failed('get', error, false);
			},
		});
		this.runner = new ScriptRunner(pool, this.clock, mechanisms, settings.deadlineMs, () => this.connected);
		this.reconciler = new Reconciler(this.journal, this.runner, this.clock, {
			onKey: (physical) => this.#forget(physical),
			onMark: (markKey, value) => {
				if (value === undefined) this.marks.learn(markKey, 0, -1);
				else this.marks.moved(markKey, value, localNow(), -1);
				this.#onChange(markKey);
			},
			onRound: (round) => {
				this.#reconcileDelayMs = 0;
				this.emitter.emit('reconcile', round);
			},
			onFailure: (error) => this.#onReconcileFailure(error),
		});
		this.rollback = new RollbackGuard(
			pool,
			{beatKey: `${settings.prefix}:!!beat:${randomUUID()}`, limit: settings.journal.maxKeys},
			{
				onLostKey: (physical) => this.#noteLost(physical),
				onLostMark: (markKey) => this.noteMark(markKey, localNow()),
				onUnguarded: (error) => this.#onUnguarded(error),
				onLostMore: () => {
					for (const space of this.#spaces.values()) this.noteMark(space.keys.markKey, localNow());
				},
			},
		);
		this.coherence = new Coherence(pool, settings.prefix, settings.memory === undefined, {
			onGap: () => this.#suspectAll(),
			onChange: (physical) => this.#onChange(physical),
			onChangeAll: () => {
				this.#suspectAll();
				// FLUSHALL, or a server that makes room for the data of another one.
				this.degradation.verify();
			},
		});
		this.degradation = new Degradation(
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
				},
				recover: () => this.#recover(),
				onHeartbeat: () => void this.rollback.beat(),
				isSameServer: (lane) => this.rollback.isKnown(lane),
				onProblem: (error) => this.emitter.emit('error', {operation: 'connect', error}),
				onMode: (now, previous) => {
					// Writes that came between the end of the recovery and now are still noted.
					this.inUse = now.mode === 'connected' && !this.#closed;
					if (now.mode === 'connected') this.reconciler.schedule();
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

	/** @throws {UnavailableError} Redis is not in use. The first connection is waited for. */
	async requireRedis(): Promise<void> {
		if (this.degradation.starting) await this.degradation.startup;
		if (!this.connected)
			throw new UnavailableError(
				`Redis is not in use (${this.degradation.mode.reason}): try again later, or call without strict`,
			);
	}

	space(name: string): Space {
		checkName(name, 'namespace');
		let space = this.#spaces.get(name);
		if (space === undefined) {
			if (this.#spaces.size >= maxSpaces)
				throw new InvalidArgumentError(
					`a cache can have at most ${maxSpaces} namespaces: use keys or tags for what there are many of`,
				);
			const keys = new KeySpace(this.settings.prefix, name);
			const tier =
				this.#memory === undefined ? undefined : new MemoryTier(this.#memory, (key) => this.#onEvict(name, key));
			space = {keys, tier};
			this.#spaces.set(name, space);
		}
		return space;
	}

	spaces(): Iterable<Space> {
		return this.#spaces.values();
	}

	/** Whether only this process knows the truth about a key: it is not to be read from Redis. */
	isOurs(space: Space, physical: string): boolean {
		return this.owned.has(physical) || this.owned.has(space.keys.markKey) || this.isDirty(space, physical);
	}

	/** Whether what Redis has of a key is not known, and is to be removed before it is read. */
	isDirty(space: Space, physical: string): boolean {
		return (
			this.journal.size > 0 &&
			this.mechanisms.dirtyKeys &&
			(this.journal.hasKey(physical) || this.journal.hasMark(space.keys.markKey))
		);
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

	noteKey(space: Space, physical: string, settledAt: number): void {
		if (!this.mechanisms.dirtyKeys) return;
		const now = localNow();
		const before = this.journal.overflowed;
		this.journal.addKey(physical, space.keys.markKey, space.keys.entryPrefix, {
			asOf: this.clock.notBefore(Math.max(now, settledAt)),
			settledAt,
		});
		this.#noted(before);
	}

	noteMark(markKey: string, settledAt: number): void {
		if (!this.mechanisms.dirtyKeys) return;
		const before = this.journal.overflowed;
		this.#journalMark(markKey, {asOf: this.clock.notBefore(Math.max(localNow(), settledAt)), settledAt});
		this.#noted(before);
	}

	/** Counts and reports what Redis, or the way to it, did wrong. */
	failed(operation: string, error: Error, write: boolean): void {
		if (this.#counted.has(error)) return;
		this.#counted.add(error);
		if (error instanceof DeadlineError) this.counters.timeouts++;
		else if (error instanceof OverloadError) this.counters.shed++;
		else this.counters.errors++;
		if (error instanceof ServerError && error.kind === 'full') {
			this.fullUntil = localNow() + 250;
			this.fullError = error;
		}
		this.degradation.failure(error, write);
		if (error instanceof OverloadError) {
			// A burst sheds thousands of calls: said once a second, counted each time.
			if (Date.now() - this.#sheddingSaidAt < 1000) return;
			this.#sheddingSaidAt = Date.now();
		}
		if (this.emitter.wants('error')) this.emitter.emit('error', {operation, error});
	}

	/** Resolves when someone changes the key, or after `ms`. */
	async changeOf(physical: string, ms: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const watchers = this.#watchers.get(physical) ?? new Set();
			this.#watchers.set(physical, watchers);
			const wake = () => {
				clearTimeout(timer);
				watchers.delete(wake);
				if (watchers.size === 0) this.#watchers.delete(physical);
				resolve();
			};
			const timer = setTimeout(wake, ms);
			watchers.add(wake);
		});
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
		this.degradation.close();
		this.coherence.close();
		this.reconciler.close();
		this.runner.release();
		for (const listener of [...this.#onClose]) listener();
		for (const watchers of [...this.#watchers.values()]) for (const wake of [...watchers]) wake();
		await this.pool.close();
		// Changes that were under way are noted before the journal closes: they settle now, or at their deadlines.
		await this.owned.idle();
		this.journal.close();
		for (const space of this.#spaces.values()) space.tier?.clear();
	}

	async #recover(): Promise<void> {
		// Redis may be another one, or empty: nothing known of it holds.
		this.marks.forgetEnsured();
		this.#suspectAll();
		await Promise.all([this.rollback.check(), this.runner.prepare()]);
		await this.reconciler.drain();
	}

	/** Redis went back to before this change of ours, which it had acknowledged. */
	#noteLost(physical: string): void {
		if (!this.mechanisms.dirtyKeys) return;
		const now = localNow();
		this.journal.addKey(physical, this.#markKeyOf(physical), this.#entryPrefixOf(physical), {
			asOf: this.clock.notBefore(now),
			settledAt: now,
		});
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

	#onJournalFileFailure(error: Error): void {
		this.emitter.emit('error', {
			operation: 'journal',
			error: new InvalidArgumentError(
				`the journal file cannot be written (${error.message.split('\n')[0]}): what is dirty is kept in memory only, free some room`,
				{cause: error},
			),
		});
	}

	#noted(overflowedBefore: number): void {
		if (this.journal.overflowed > overflowedBefore) this.#onOverflow();
		else if (this.connected) this.reconciler.schedule();
	}

	#journalMark(markKey: string, change: DirtyChange): void {
		const head = this.settings.prefix.length + 2;
		const colon = markKey.indexOf(':', head);
		const namespace = colon < 0 ? markKey.slice(head) : markKey.slice(head, colon);
		const {markKey: namespaceMark, entryPrefix} = new KeySpace(this.settings.prefix, namespace);
		this.journal.addMark(markKey, namespaceMark, entryPrefix, change);
	}

	#onOverflow(): void {
		this.emitter.emit('error', {
			operation: 'journal',
			error: new OverloadError(
				`the journal is full (${this.settings.journal.maxKeys} keys): its namespace will be invalidated as a whole`,
			),
		});
		this.degradation.fallBack('the journal overflowed');
	}

	#onEvict(namespace: string, key: string): void {
		this.counters.evictions++;
		if (this.emitter.wants('evict')) this.emitter.emit('evict', {namespace, key});
	}

	#suspectAll(): void {
		this.changes.noteAll();
		this.marks.suspectAll();
		for (const space of this.#spaces.values()) space.tier?.suspectAll();
	}

	#onChange(physical: string): void {
		const head = this.settings.prefix.length + 1;
		if (physical[head] === '!') {
			this.marks.suspect(physical);
			this.changes.note(physical);
			const rest = physical.slice(head + 1);
			const colon = rest.indexOf(':');
			if (colon > 0) this.changes.note(anyTagOf(physical.slice(0, head + 1 + colon)));
			const space = colon < 0 ? this.#spaces.get(rest) : undefined;
			if (space !== undefined) {
				this.changes.noteAll();
				space.tier?.suspectAll();
			}
			return;
		}
		this.changes.note(physical);
		const colon = physical.indexOf(':', head);
		this.#spaces.get(physical.slice(head, colon))?.tier?.suspect(physical.slice(colon + 1));
		for (const wake of this.#watchers.get(physical) ?? []) wake();
	}

	/** Drops what memory has of a key that was just reconciled: others may have changed it since. */
	#forget(physical: string): void {
		if (this.owned.has(physical)) return;
		const head = this.settings.prefix.length + 1;
		const colon = physical.indexOf(':', head);
		this.changes.note(physical);
		this.#spaces.get(physical.slice(head, colon))?.tier?.delete(physical.slice(colon + 1));
	}

	#entryPrefixOf(physical: string): string {
		return physical.slice(0, physical.indexOf(':', this.settings.prefix.length + 1) + 1);
	}

	#markKeyOf(physical: string): string {
		return `${this.settings.prefix}:!${this.#entryPrefixOf(physical).slice(this.settings.prefix.length + 1, -1)}`;
	}
}
