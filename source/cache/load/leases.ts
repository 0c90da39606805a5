import {DeadlineError, OverloadError} from '../../pool/errors.js';
import type {Argument} from '../../pool/types.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {Lifetime} from '../entry/entry.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health.js';
import type {ReadResult} from '../read/look-up.js';
import {setScript} from '../scripts/key-scripts.js';
import {fillScript, leaseScript, releaseScript, renewScript} from '../scripts/lease-scripts.js';
import type {ScriptFailed} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';
import type {MarkerWriter} from '../tags/marker-writer.js';
import {renewRegularly} from './renew-regularly.js';

export type LeasesParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markerWriter: MarkerWriter;
	readonly hub: InvalidationHub;
	readonly changes: ChangeClock;
	readonly tracking: ClientTracking;
	readonly recorder: Recorder;
	readonly deadlineMs: number;
	/** False: a loaded value is stored without a lease. Only in tests. */
	readonly isEnabled: boolean;
	/** Reads the key again, never strictly: without Redis it is looked up in memory. */
	readonly lookUp: (namespace: Namespace, key: string) => Promise<ReadResult>;
};

/** A key that a lease is asked for. */
export type LeaseRequest = {
	readonly namespace: Namespace;
	readonly key: string;
	readonly redisKey: string;
	/** Tags that the value is known to get, and the time that they are needed for. */
	readonly tags: readonly string[];
	readonly life: Lifetime;
	/** Longest time of the load, in milliseconds. */
	readonly hardMs: number;
	/** True if a fresh value in Redis is replaced, too. */
	readonly isReload: boolean;
	/** Version that the caller has judged a miss; 0: it saw nothing. */
	readonly seenVersion: number;
	/** True while the load of another process is waited for: the callers get its value, so later callers may not join. */
	readonly onReading: (isReading: boolean) => void;
};

/** The token of a granted lease (0: none was granted), or a fresh value that makes the load unnecessary. */
export type LeaseResult = {readonly token: number} | {readonly value: unknown};

/** A lease lasts two deadlines at first: others wait no longer for a process that has died at the beginning of its load. */
const leaseDeadlines = 2;
const minLeaseMs = 400;
/** The placeholder outlasts the longest load by this, for the fill. */
const placeholderSlackMs = 1000;
const maxUnreleased = 1000;
/** Where Redis does not announce a change, or has done so already: pauses between reads, each a fourth of the time that has passed already. */
const pollMs = {min: 10, max: 1000};
/** Where it does, the time after the end of a lease at which it is asked for. */
const expirySlackMs = 5;
/** Commands in a row that miss their deadline, while Redis is in use, until a load starts without a lease. */
const maxMisses = 2;
/** Deadlines for which a lease is asked for again while commands do not even get their turn, and the pause between. */
const overloadDeadlines = 10;
const overloadPauseMs = 50;
/** A version that is newer than all others. */
const anyVersion = Number.MAX_SAFE_INTEGER;

/**
 * Leases in Redis. A lease is the right of one process to load a key, and it guards the fill: any change of the key in the
 * meantime removes the lease, and Redis then refuses the loaded value.
 */
export class Leases {
	readonly #parts: LeasesParts;
	readonly #leaseMs: number;
	/** Tokens of leases that may still be in Redis although their loads are over, by Redis key. */
	readonly #unreleased = new Map<string, number>();

	constructor(parts: LeasesParts) {
		this.#parts = parts;
		this.#leaseMs = Math.max(minLeaseMs, parts.deadlineMs * leaseDeadlines);
	}

	/** Asks until the lease is granted, another process's load is done, or Redis fails. */
	async acquire(request: LeaseRequest): Promise<LeaseResult> {
		const {availability, scripts, markerWriter, health, changes} = this.#parts;
		const {namespace, key, redisKey, tags, life, hardMs, isReload} = request;
		const begunAt = localNow();
		const giveUpAt = begunAt + hardMs;
		try {
			// Before the loader begins: the value could not be stamped otherwise.
			const lifeMs = life.ttlMs + life.graceMs;
			if (!markerWriter.isReadyToLoad(namespace, tags, lifeMs))
				await markerWriter.ensure({namespace, tags, lifeMs, operation: 'lease'});
		} catch {
			return {token: 0};
		}
		let seenVersion = isReload ? anyVersion : request.seenVersion;
		let misses = 0;
		/** True once another process was seen to load the key: then there is a load to wait for, as for a loader of one's own. */
		let isWaiting = false;
		while (availability.inUse) {
			const sequence = changes.now;
			const outcome = await scripts.run(leaseScript, redisKey, [
				this.#leaseMs,
				seenVersion,
				this.#unreleased.get(redisKey) ?? 0,
				hardMs + placeholderSlackMs,
			]);
			if (outcome.status !== 'done') {
				this.#onFailure('lease', outcome);
				// Busy, but in use: a load without a lease would be one too many, and could not be stored.
				if (outcome.error instanceof OverloadError) {
					if (localNow() > Math.min(giveUpAt, begunAt + this.#parts.deadlineMs * overloadDeadlines)) break;
					await this.#parts.hub.waitForChange(redisKey, overloadPauseMs * (0.5 + Math.random()));
				} else if (!isWaiting || !isLate(outcome) || ++misses >= maxMisses) break;
				continue;
			}
			health.success('writes');
			misses = 0;
			this.#unreleased.delete(redisKey);
			const {reply} = outcome;
			if (reply > 0) return {token: reply};
			if (reply === -1) {
				this.#parts.recorder.corrupt(key, 'its Redis key holds data of another program: rename one of the two');
				break;
			}
			if (localNow() > giveUpAt) break;
			if (reply <= -1000) isWaiting = true;
			// Either another process loads the key, for this long, or Redis has a newer value.
			const again = await (reply <= -1000
				? this.#waitForOther(request, begunAt, Math.min(giveUpAt, localNow() - reply / 1000), sequence)
				: this.#read(request));
			if (again === undefined) continue;
			if (isFresh(again)) return {value: again.hit?.value};
			// The key has an unconfirmed write, or cannot be read: there is nothing to wait for.
			if (!again.isFromRedis) {
				if (isWaiting && ++misses < maxMisses) continue;
				break;
			}
			// Redis has a newer value that cannot be read: it is to be replaced.
			const isUnreadable = reply === -2 && again.version <= seenVersion;
			seenVersion = isUnreadable ? anyVersion : Math.max(seenVersion, again.version);
		}
		return {token: 0};
	}

	/** Renews a lease until the returned function is called. */
	keepAlive(redisKey: string, token: number): () => void {
		const {availability, scripts} = this.#parts;
		return renewRegularly(this.#leaseMs, (leaseMs) => {
			if (!availability.isConnected) return;
			void scripts.run(renewScript, redisKey, [leaseMs, token]).then((outcome) => {
				if (outcome.status !== 'done') this.#onFailure('lease', outcome);
			});
		});
	}

	/**
	 * Stores a loaded value if the lease is still there.
	 *
	 * @param loaded The result of `entryArgument`, and what it was made of.
	 * @returns The version; 0 or less if the value is not known to be in Redis. If that is in doubt it does no harm: the lease
	 * guards it.
	 */
	async fill(
		{namespace, redisKey}: Pick<LeaseRequest, 'namespace' | 'redisKey'>,
		{entry, tags, life}: {readonly entry: Argument; readonly tags: readonly string[]; readonly life: Lifetime},
		token: number,
	): Promise<number> {
		const {scripts, markerWriter, health, recorder, isEnabled} = this.#parts;
		try {
			// The loader may have chosen other tags, and may have taken long.
			const lifeMs = life.ttlMs + life.graceMs;
			if (!markerWriter.areReady(namespace, tags, lifeMs, localNow()))
				await markerWriter.ensure({namespace, tags, lifeMs, operation: 'fill'});
		} catch {
			return 0;
		}
		const outcome = isEnabled
			? await scripts.run(fillScript, redisKey, [entry, token])
			: await scripts.run(setScript, redisKey, [entry]);
		if (outcome.status !== 'done') {
			if (outcome.error === undefined) recorder.counters.lateWrites++;
			else this.#onFailure('fill', outcome);
			return 0;
		}
		health.success('writes');
		if (outcome.reply === -1) recorder.counters.fillsRefused++;
		return outcome.reply;
	}

	/** Gives a lease back: its load has stored nothing. */
	async release(redisKey: string, token: number): Promise<void> {
		const {availability, scripts} = this.#parts;
		if (availability.isClosed) return;
		if (!availability.isConnected) {
			this.rememberUnreleased(redisKey, token);
			return;
		}
		const outcome = await scripts.run(releaseScript, redisKey, [token]);
		if (outcome.status === 'done') return;
		this.rememberUnreleased(redisKey, token);
		this.#onFailure('release', outcome);
	}

	/** Remembers a lease that may still be in Redis: this process's next load of the key may take it over. */
	rememberUnreleased(redisKey: string, token: number): void {
		if (token > 0 && this.#unreleased.size < maxUnreleased) this.#unreleased.set(redisKey, token);
	}

	/**
	 * Waits while another process loads the key: until its value is there, its lease is gone, or the lease is over unless it was
	 * renewed.
	 *
	 * @param sequence Count of the change clock when the lease was asked for: a change since will not be announced again.
	 * @returns The last read of the key; `undefined` if the key is to be loaded whatever it has.
	 */
	async #waitForOther(
		request: LeaseRequest,
		begunAt: number,
		until: number,
		sequence: number,
	): Promise<ReadResult | undefined> {
		const {availability, hub, changes, tracking} = this.#parts;
		const endsAt = until + expirySlackMs;
		for (let since = sequence; ; ) {
			const left = endsAt - localNow();
			const pause = Math.min(pollMs.max, Math.max(pollMs.min, (localNow() - begunAt) / 4));
			const willBeAnnounced = tracking.announcesEntries && !changes.changedSince(request.redisKey, since);
			await hub.waitForChange(request.redisKey, willBeAnnounced ? left : Math.min(pause, left));
			if (request.isReload) return undefined;
			since = changes.now;
			const again = await this.#read(request);
			const isStillHeld = again.isFromRedis && again.lease > 0 && !isFresh(again);
			if (!isStillHeld || localNow() >= endsAt || !availability.inUse) return again;
		}
	}

	/** Later callers may not join while the value of another process may become that of this load. */
	async #read({namespace, key, onReading}: LeaseRequest): Promise<ReadResult> {
		onReading(true);
		const result = await this.#parts.lookUp(namespace, key);
		if (!isFresh(result)) onReading(false);
		return result;
	}

	#onFailure(operation: 'lease' | 'fill' | 'release', {error, calls}: ScriptFailed): void {
		if (error !== undefined) this.#parts.health.failure({operation, error, isWrite: true, calls});
	}
}

/** True for a value, or a remembered "not there", that makes a load unnecessary. */
function isFresh({hit, isStale, isFromRedis}: ReadResult): boolean {
	return hit !== undefined && !isStale && isFromRedis;
}

/** True if there was no answer in time, or the command reached Redis too late. */
function isLate({error}: ScriptFailed): boolean {
	return error === undefined || error instanceof DeadlineError;
}
