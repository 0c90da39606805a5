import type {CacheState, LiveCall, LiveLoads, Notice, PublishedCache} from '../../cache/live/messages.js';
import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {formatLatency} from '../../text/duration.js';
import {EngineError} from '../engine-error.js';
import {logCacheEvents} from '../log/cache-events.js';
import type {EventsWriter} from '../log/events-log.js';
import {oneLine} from '../one-line.js';
import type {AttachTarget} from './attach-target.js';
import type {AttachedSnapshot} from './attached-snapshot.js';
import {LiveConnection, LiveError} from './live-connection.js';
import {listLiveCaches} from './live-processes.js';
import {NoticeEvents} from './notice-events.js';
import {Standstill} from './standstill.js';

/** Milliseconds between two checks: if the process is silent, and if one that has ended has a successor. */
const watchMs = 1000;

/** Milliseconds without a state from which on a process counts as silent. */
const silentMs = 2500;

const firstStateMs = 5000;

/**
 * A cache of a live process: its latest state, and its events. When the process ends, waits for another one with a cache of the
 * same name.
 */
export class AttachedProcess {
	readonly #target: AttachTarget;
	readonly #log: EventsWriter;
	readonly #events = new NoticeEvents();
	readonly #standstill = new Standstill();
	readonly #stopLogging: () => void;
	readonly #timer: NodeJS.Timeout;
	#connection: LiveConnection | undefined;
	#about: Omit<AttachedSnapshot, 'state' | 'since' | 'reason' | 'loads'>;
	#url = '';
	#latest: {readonly cache: CacheSnapshot; readonly loads: LiveLoads} | undefined;
	#receivedAt = Date.now();
	#ended: {readonly at: number; readonly reason: string} | undefined;
	#isLooking = false;
	#isClosed = false;

	/** @throws {EngineError} The process cannot be watched. */
	static async open(target: AttachTarget, log: EventsWriter): Promise<AttachedProcess> {
		const attached = new AttachedProcess(target, log);
		try {
			await attached.#connect(target.path, target.cache);
			return attached;
		} catch (error) {
			attached.close();
			throw new EngineError('ERR_ATTACH', `process ${target.pid} cannot be watched: ${oneLine(error)}`, 3);
		}
	}

	private constructor(target: AttachTarget, log: EventsWriter) {
		this.#target = target;
		this.#log = log;
		const {name, pid, namespace} = target;
		this.#about = {name, pid, namespace, version: '', node: '', processStartedAt: 0, commands: false};
		this.#stopLogging = logCacheEvents(this.#events, log);
		this.#timer = setInterval(() => void this.#watch(), watchMs);
		this.#timer.unref();
	}

	/** URL of its Redis, without credentials. */
	get url(): string {
		return this.#url;
	}

	get cache(): CacheSnapshot {
		if (this.#latest === undefined) throw new EngineError('ERR_ATTACH', 'the process has sent nothing', 1);
		return this.#latest.cache;
	}

	snapshot(): AttachedSnapshot {
		const loads = this.#latest?.loads ?? {
			inFlight: 0,
			running: 0,
			waiting: 0,
			limit: undefined,
			oldest: [],
			slowest: [],
		};
		const isSilent = Date.now() - this.#receivedAt > silentMs;
		const state = this.#ended ? 'ended' : isSilent ? 'silent' : 'live';
		return {
			...this.#about,
			state,
			since: this.#ended?.at ?? (isSilent ? this.#receivedAt : this.#about.processStartedAt),
			reason: this.#ended?.reason,
			loads,
		};
	}

	/** @throws {LiveError} The process refuses the call, cannot make it, or is gone. */
	call(call: LiveCall): Promise<unknown> {
		if (this.#connection === undefined || this.#ended)
			return Promise.reject(
				new LiveError('ERR_LIVE_ENDED', `${call.name} needs the process, which has ended: wait for the next one`),
			);
		return this.#connection.call(call);
	}

	close(): void {
		this.#isClosed = true;
		clearInterval(this.#timer);
		this.#stopLogging();
		this.#connection?.close();
	}

	/** Resolves with the first state. */
	async #connect(path: string, id: number): Promise<void> {
		const connection = await LiveConnection.open(path);
		const cache = connection.hello.caches.find((each) => each.id === id);
		if (cache === undefined || this.#isClosed) {
			connection.close();
			throw new LiveError('ERR_LIVE_ENDED', 'its cache was closed');
		}
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => {
				connection.close();
				reject(new LiveError('ERR_LIVE_SILENT', 'the process sends nothing'));
			}, firstStateMs);
			const finish = (settle: () => void) => {
				clearTimeout(timer);
				settle();
			};
			connection.watch(
				id,
				(state) => {
					if (this.#isClosed) connection.close();
					else {
						if (this.#connection !== connection) this.#begin(connection, cache, state.cache);
						this.#receive(state);
					}
					finish(resolve);
				},
				(reason) => {
					if (this.#connection === connection) this.#end(reason);
					finish(() => reject(new LiveError('ERR_LIVE_ENDED', reason)));
				},
			);
		});
	}

	/** The first state of a connection has arrived. */
	#begin(connection: LiveConnection, cache: PublishedCache, {mode}: CacheSnapshot): void {
		this.#connection = connection;
		this.#ended = undefined;
		const {pid, version, node, startedAt} = connection.hello.process;
		const {name, namespace, commands} = cache;
		this.#about = {name, pid, namespace, version, node, processStartedAt: startedAt, commands};
		this.#url = cache.url;
		const before = this.#latest?.cache.mode;
		// The counts of a new process start at 0.
		this.#latest = undefined;
		this.#log.add({
			level: 'info',
			topic: 'application',
			text: `attached to ${name}, process ${pid}, with redis-cache-tui ${version}`,
		});
		// Logged first, because later events refer to the previous mode.
		if (mode.at !== before?.at) this.#events.emit({event: 'mode', payload: {...mode, previous: mode}});
	}

	#receive({cache, loads, notices, lostNotices}: CacheState): void {
		const evicted = cache.counters.evictions - (this.#latest?.cache.counters.evictions ?? cache.counters.evictions);
		this.#latest = {cache, loads};
		this.#receivedAt = Date.now();
		for (const notice of notices) this.#tell(notice);
		if (lostNotices > 0)
			this.#log.add({
				level: 'warn',
				topic: 'application',
				text: 'the process had more events than could be sent: some are not shown here',
			});
		if (evicted > 0)
			this.#log.add({
				level: 'debug',
				topic: 'application',
				text: 'the memory tier is full, and entries are evicted',
			});
	}

	#tell(notice: Notice): void {
		if (notice.event !== 'load') {
			this.#events.emit(notice);
			return;
		}
		const {key, ms, outcome} = notice.payload;
		const isWrong = outcome === 'failed' || outcome === 'timeout';
		const words = outcome === 'failed' ? 'failed after' : outcome === 'timeout' ? 'was given up after' : 'took';
		this.#log.add({
			level: isWrong ? 'warn' : 'info',
			topic: 'application',
			text: `the load of ${key} ${words} ${formatLatency(ms)}`,
			fold: `load ${isWrong ? outcome : 'slow'}`,
		});
	}

	#end(words: string): void {
		// A process disconnects a viewer that reads nothing, and cannot send it the reason: it is assumed after a standstill of
		// this program.
		const reason = this.#standstill.isRecent()
			? 'this program was suspended, and the process closed the connection'
			: words;
		this.#ended = {at: Date.now(), reason};
		const {name, pid} = this.#about;
		this.#log.add({
			level: 'error',
			topic: 'application',
			text: `process ${pid}: ${reason}; waiting for another one called ${name}`,
		});
	}

	/** Searches for a process of the same name, once this one has ended. */
	async #watch(): Promise<void> {
		this.#standstill.tick();
		if (!this.#ended || this.#isLooking) return;
		this.#isLooking = true;
		try {
			const {caches} = await listLiveCaches();
			const alike = caches.filter(
				({cache}) => cache.name === this.#target.name && cache.namespace === this.#target.namespace,
			);
			const next = alike.find(({process}) => process.pid === this.#about.pid) ?? alike[0];
			if (next && !this.#isClosed) await this.#connect(next.path, next.cache.id);
		} catch {
			// The next attempt may succeed.
		} finally {
			this.#isLooking = false;
		}
	}
}
