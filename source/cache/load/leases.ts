import type {CacheCore} from '../core.js';
import type {Hit} from '../read/lookup.js';
import type {Lookups} from '../read/lookups.js';
import {fillScript, leaseScript, releaseScript, renewScript, setScript} from '../scripts/scripts.js';
import {localNow} from '../support/server-clock.js';
import type {MarkWrites} from '../tags/mark-writes.js';
import type {Flight} from './flights.js';
import type {LoadOrder} from './load-order.js';

/**
 * How long a lease lasts, in deadlines: it is renewed while its load goes on, so that others need not wait long for a
 * process that died or lost its way to Redis.
 */
const leaseDeadlines = 2;
const leastLeaseMs = 400;
/** How long a placeholder outlasts the longest load: for the fill. */
const placeholderSlackMs = 1000;
const maxStranded = 1000;
const pollMs = {min: 10, max: 100};

/** The right to fill a key (token 0: none could be had), or the value that makes it needless. */
export type Granted = {readonly token: number} | {readonly found: Hit};

/** Leases in Redis: the right of one process to load a key, and the guard that keeps a stale load from being kept. */
export class Leases {
	readonly #core: CacheCore;
	readonly #lookups: Lookups;
	readonly #marks: MarkWrites;
	readonly #leaseMs: number;
	/** Leases of ours that may still be in Redis though their loads are over. */
	readonly #stranded = new Map<string, number>();

	constructor(core: CacheCore, lookups: Lookups, marks: MarkWrites) {
		this.#core = core;
		this.#lookups = lookups;
		this.#marks = marks;
		this.#leaseMs = Math.max(leastLeaseMs, core.settings.deadlineMs * leaseDeadlines);
	}

	/** Asks for the lease until it is granted, someone else's load is done, or Redis cannot say. */
	async ask(flight: Flight, order: LoadOrder, hardMs: number): Promise<Granted> {
		const core = this.#core;
		const {space, key, physical, options} = order;
		const giveUpAt = localNow() + hardMs;
		try {
			// Before the lease: a mark that is made now is newer than any load that has begun.
			await this.#marks.ensureAll(space, options?.tags ?? []);
		} catch (error) {
			core.failed('lease', error instanceof Error ? error : new Error(String(error)), true);
			return {token: 0};
		}
		let seen = options?.fresh === true ? Number.MAX_SAFE_INTEGER : order.lookup.seenVersion;
		let waitMs = pollMs.min;
		while (!core.closed && core.connected) {
			const outcome = await core.runner.run(leaseScript, physical, [
				this.#leaseMs,
				seen,
				this.#stranded.get(physical) ?? 0,
				hardMs + placeholderSlackMs,
			]);
			if (!outcome.done) {
				if (outcome.error !== undefined) core.failed('lease', outcome.error, true, outcome.calls);
				break;
			}
			core.degradation.success();
			this.#stranded.delete(physical);
			if (outcome.reply > 0) return {token: outcome.reply};
			if (outcome.reply === -1) {
				this.#lookups.corrupt(key, 'something else lies under it in Redis: rename one of the two');
				break;
			}
			if (localNow() > giveUpAt) break;
			if (outcome.reply <= -1000) {
				await core.news.of(physical, Math.min(waitMs, -outcome.reply / 1000));
				waitMs = Math.min(waitMs * 2, pollMs.max);
				if (options?.fresh === true) continue;
			}
			flight.open = false;
			const again = await this.#lookups.find(space, key, physical, false);
			if (again.found !== undefined && !again.stale && again.viaRedis) return {found: again.found};
			flight.open = true;
			// The key has become ours, or could not be read: there is nothing to wait for.
			if (!again.viaRedis) break;
			// What Redis takes for a newer value cannot be read: it is to be replaced.
			const unreadable = outcome.reply === -2 && again.seenVersion <= seen;
			seen = unreadable ? Number.MAX_SAFE_INTEGER : Math.max(seen, again.seenVersion);
		}
		return {token: 0};
	}

	/** Prolongs a lease until the load is over. @returns What ends it. */
	renewing(physical: string, token: number): () => void {
		const core = this.#core;
		const timer = setInterval(() => {
			if (!core.connected) return;
			void core.runner.run(renewScript, physical, [this.#leaseMs, token]).then((outcome) => {
				if (!outcome.done && outcome.error !== undefined) core.failed('lease', outcome.error, true, outcome.calls);
			});
		}, this.#leaseMs / 4);
		timer.unref();
		return () => clearInterval(timer);
	}

	/** @returns The version; 0 or less when the value was not put into Redis. A fill of unknown outcome can do no harm: the lease guards it. */
	async fill(order: LoadOrder, args: readonly (string | number | Buffer)[], tags: readonly string[]): Promise<number> {
		const core = this.#core;
		try {
			// Tags that the loader chose. Where one is new, this entry is older than its mark: the next load will be kept.
			await this.#marks.ensureAll(order.space, tags);
		} catch (error) {
			core.failed('fill', error instanceof Error ? error : new Error(String(error)), true);
			return 0;
		}
		const outcome = await core.runner.run(core.mechanisms.leases ? fillScript : setScript, order.physical, args);
		if (!outcome.done) {
			if (outcome.error !== undefined) core.failed('fill', outcome.error, true, outcome.calls);
			else core.counters.lateWrites++;
			return 0;
		}
		core.degradation.success();
		if (outcome.reply === -1) core.counters.fillsRefused++;
		return outcome.reply;
	}

	/** Gives a lease back: its load came to nothing. */
	async release(physical: string, token: number): Promise<void> {
		const core = this.#core;
		if (core.closed) return;
		if (!core.connected) {
			this.strand(physical, token);
			return;
		}
		const outcome = await core.runner.run(releaseScript, physical, [token]);
		if (outcome.done) return;
		this.strand(physical, token);
		if (outcome.error !== undefined) core.failed('release', outcome.error, true, outcome.calls);
	}

	/** Remembers a lease that may still be there: the next load of ours need not wait for it. */
	strand(physical: string, token: number): void {
		if (token > 0 && this.#stranded.size < maxStranded) this.#stranded.set(physical, token);
	}
}
