import {ClosedError} from '../pool/errors.js';
import {checkEntryOptions} from './call-options.js';
import type {Encoded} from './codec.js';
import type {CacheCore} from './core.js';
import {longestTimerMs, milliseconds} from './duration.js';
import {LoaderTimeoutError} from './errors.js';
import type {Flight} from './flights.js';
import {Leases} from './leases.js';
import type {LoadOrder} from './load-order.js';
import type {Found, Lookups} from './lookups.js';
import {localNow} from './server-clock.js';
import {settledOrAfter} from './settled-or-after.js';
import {type LoadTrace, noteFound, type Tracing} from './tracing.js';
import type {EntryOptions} from './types.js';
import {entryArguments, type Writes} from './writes.js';

/** How old a load may be, in ms, that runs without a lease while Redis is in use, and is joined nevertheless. */
const youngMs = 50;
/** How long callers wait for a loaded value to be put into Redis. The load goes on being offered to others until it is. */
const fillPatienceMs = 25;
const nothingThere: Encoded = {codec: '-', compression: '-', payload: '', bytes: 0};

/** Runs loaders: one for each key in this process, and one across processes by a lease in Redis. */
export class Loads {
	readonly #core: CacheCore;
	readonly #leases: Leases;
	readonly #tracing: Tracing;

	constructor(core: CacheCore, lookups: Lookups, writes: Writes, tracing: Tracing) {
		this.#core = core;
		this.#leases = new Leases(core, lookups, writes.marks);
		this.#tracing = tracing;
	}

	/** Joins the load of this key that is under way, if nothing can have changed since it began; else starts one. */
	flight(order: LoadOrder): Flight {
		const running = this.#core.flights.get(order.physical);
		if (running !== undefined && this.#mayJoin(running, order)) return running;
		return this.#core.flights.start(order.physical, (flight) => this.#fly(flight, order));
	}

	/** Waits for a load on behalf of one caller: gives up with its signal, or serves the stale value past the soft time-out. */
	wait(flight: Flight, order: LoadOrder, stale: Found | undefined): Promise<unknown> {
		const {signal, softTimeout} = order.options ?? {};
		const softMs =
			softTimeout === undefined ? this.#core.settings.softTimeoutMs : milliseconds(softTimeout, 'softTimeout');
		if (signal === undefined && stale === undefined) return flight.promise;
		return new Promise((resolve, reject) => {
			let timer: NodeJS.Timeout | undefined;
			const serveStale = () => {
				if (isOver) return;
				this.#core.counters.hitsStale++;
				if (order.trace !== undefined && stale !== undefined) noteFound(order.trace, stale, true);
				finish(() => resolve(stale?.value));
			};
			const onAbort = () => finish(() => reject(signal?.reason));
			let isOver = false;
			const finish = (settle: () => void) => {
				isOver = true;
				clearTimeout(timer);
				signal?.removeEventListener('abort', onAbort);
				settle();
			};
			if (signal?.aborted === true) {
				onAbort();
				return;
			}
			signal?.addEventListener('abort', onAbort);
			if (stale !== undefined && softMs !== undefined) timer = setTimeout(serveStale, Math.min(softMs, longestTimerMs));
			flight.promise.then(
				(value) => finish(() => resolve(value)),
				(error: unknown) =>
					stale !== undefined && !(error instanceof ClosedError) ? serveStale() : finish(() => reject(error)),
			);
		});
	}

	/**
	 * A caller that asked Redis after the load began may join only if its lease was still there: then nothing changed in
	 * between but, maybe, the mark of the namespace or of a tag, and which tags the loader will choose is not known yet.
	 * Without a lease (Redis is away, or full) only what this process changed is known, and the load must be young.
	 */
	#mayJoin(flight: Flight, {space, lookup}: LoadOrder): boolean {
		if (!flight.valid || !flight.open) return false;
		if (flight.token === undefined) return true;
		const core = this.#core;
		if (flight.token > 0) {
			if (!lookup.viaRedis) return !core.connected;
			return (
				flight.token === lookup.lease &&
				lookup.mark > 0 &&
				lookup.mark < flight.token &&
				!core.changes.changedSince(space.keys.anyTag, flight.sequence) &&
				localNow() < core.trustUntil(flight.startedAt)
			);
		}
		return !core.connected || localNow() - flight.startedAt < youngMs;
	}

	async #fly(flight: Flight, order: LoadOrder): Promise<unknown> {
		const core = this.#core;
		const hardMs =
			order.options?.hardTimeout === undefined
				? core.settings.hardTimeoutMs
				: milliseconds(order.options.hardTimeout, 'hardTimeout');
		let token = 0;
		// A read that just failed has used up the deadline: asking for a lease would take another.
		if (
			core.connected &&
			core.mechanisms.leases &&
			order.lookup.viaRedis &&
			!core.isOurs(order.space, order.physical)
		) {
			const granted = await this.#leases.ask(flight, order, hardMs);
			core.assertOpen();
			if ('found' in granted) return granted.found.value;
			token = granted.token;
		}
		flight.token = token;
		flight.sequence = core.changes.now;
		const asOf = token > 0 ? token : core.clock.notAfter();
		const chosen: {options: EntryOptions | undefined} = {options: order.options};
		const endRenewing = token > 0 ? this.#leases.renewing(order.physical, token) : () => {};
		try {
			const value = await this.#load(flight, order, hardMs, (options) => {
				checkEntryOptions(options);
				chosen.options = {...chosen.options, ...options};
			});
			const kept = this.#keep(flight, order, value, chosen.options, token, asOf);
			flight.afterwards = kept.catch(() => {});
			await settledOrAfter(kept, fillPatienceMs);
			return value;
		} catch (error) {
			// Who comes now has not asked for this failure: it is only waited for until the lease is free.
			flight.open = false;
			if (token > 0) flight.afterwards = this.#leases.release(order.physical, token);
			throw error;
		} finally {
			endRenewing();
		}
	}

	async #load(
		flight: Flight,
		order: LoadOrder,
		hardMs: number,
		setOptions: (options: EntryOptions) => void,
	): Promise<unknown> {
		const core = this.#core;
		const started = localNow();
		core.counters.loads++;
		const timer = setTimeout(
			() => flight.controller.abort(new LoaderTimeoutError(order.key, hardMs)),
			Math.min(hardMs, longestTimerMs),
		);
		const {signal} = flight.controller;
		let stop: () => void = () => {};
		try {
			const aborted = new Promise<never>((_resolve, reject) => {
				stop = () => reject(signal.reason);
				signal.addEventListener('abort', stop);
				if (signal.aborted) stop();
			});
			const load = () => Promise.race([(async () => order.loader({key: order.key, signal, setOptions}))(), aborted]);
			const value = await (this.#tracing.wants('load') ? this.#traced(order, load) : load());
			this.#report(order, started, value === undefined ? 'absent' : 'loaded');
			return value;
		} catch (error) {
			core.counters.loadErrors++;
			this.#report(order, started, error instanceof LoaderTimeoutError ? 'timeout' : 'failed', error);
			throw error;
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
		}
	}

	#traced(order: LoadOrder, load: () => Promise<unknown>): Promise<unknown> {
		const trace: LoadTrace = {
			operation: 'load',
			server: this.#core.pool.url,
			namespace: order.space.keys.namespace,
			key: order.key,
		};
		return this.#tracing.run(trace, async () => {
			const value = await load();
			trace.outcome = value === undefined ? 'absent' : 'loaded';
			return value;
		});
	}

	#report(
		{space, key}: LoadOrder,
		started: number,
		outcome: 'loaded' | 'absent' | 'failed' | 'timeout',
		error?: unknown,
	): void {
		const {namespace} = space.keys;
		const durationMs = localNow() - started;
		this.#core.latency.load.record(durationMs);
		if (this.#core.emitter.wants('load'))
			this.#core.emitter.emit(
				'load',
				error === undefined ? {namespace, key, durationMs, outcome} : {namespace, key, durationMs, outcome, error},
			);
	}

	/** Puts a loaded value where it may go: into Redis with the lease, into memory if nothing changed meanwhile. */
	async #keep(
		flight: Flight,
		order: LoadOrder,
		value: unknown,
		options: EntryOptions | undefined,
		token: number,
		asOf: number,
	): Promise<void> {
		const core = this.#core;
		const {space, key, physical} = order;
		const absent = value === undefined;
		const negativeMs =
			order.options?.negativeTtl === undefined
				? core.settings.ttl.negativeMs
				: milliseconds(order.options.negativeTtl, 'negativeTtl');
		const encoded = absent ? nothingThere : core.settings.coder.encode(value);
		const given = absent
			? {ttlMs: core.settings.ttl.spread(negativeMs), graceMs: 0}
			: core.settings.ttl.lifetime(key, options);
		const isKept = given.ttlMs > 0;
		if (!flight.valid || (!isKept && order.lookup.seenVersion === 0)) {
			if (token > 0) await this.#leases.release(order.physical, token);
			return;
		}
		// What is not to be kept still takes the place of an older value, for the shortest time there is.
		const life = isKept ? given : {ttlMs: 1, graceMs: 0};
		const tags = options?.tags ?? [];
		const sequence = core.changes.now;
		let version = 0;
		if (token > 0 || (!core.mechanisms.leases && core.connected)) {
			version = await this.#leases.fill(
				order,
				[...entryArguments(absent ? 'n' : 'v', encoded, life, tags), ...(token > 0 ? [token] : [])],
				tags,
			);
			if (version === 0) this.#leases.strand(physical, token);
			if (version <= 0) return;
		}
		if (space.tier === undefined || !flight.valid) return;
		const now = localNow();
		const believed =
			version > 0 &&
			asOf > core.marks.known(space.keys.markKey) &&
			tags.every((tag) => asOf > core.marks.known(space.keys.tagMark(tag))) &&
			!core.changes.changedSince(physical, sequence);
		// Reads that Redis carried out before the fill are not to be kept after it.
		core.changes.note(physical);
		space.tier.put(key, {
			kind: absent ? 'absent' : 'value',
			encoded: absent ? undefined : encoded,
			value: undefined,
			version,
			asOf,
			obtainedAt: now,
			heardAt: now,
			freshUntil: now + life.ttlMs,
			staleUntil: now + life.ttlMs + life.graceMs,
			ttlMs: life.ttlMs,
			tags,
			bytes: encoded.bytes,
			epoch: believed ? space.tier.epoch : -1,
			trustedUntil: core.trustUntil(now),
		});
	}
}
