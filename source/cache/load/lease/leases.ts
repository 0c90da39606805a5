import {DeadlineError, NotConnectedError, OverloadError} from '../../../pool/errors.js';
import {loopNow} from '../../../pool/loop-clock.js';
import type {Argument} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import type {Lifetime} from '../../entry/entry.js';
import type {Namespace} from '../../keys/namespace.js';
import {isOutage} from '../../outage/health/health.js';
import {setScript} from '../../scripts/key-scripts.js';
import {fillScript, releaseScript, renewScript} from '../../scripts/lease-scripts.js';
import type {ScriptOutcome} from '../../scripts/script-call.js';
import type {InProgress} from '../../support/in-progress.js';
import type {LeaseReadRequest} from '../lease-read/lease-read.js';
import {LeaseReader, type LeaseReaderParts} from '../lease-read/lease-reader.js';
import type {ReadForLoad} from '../lease-read/shared-lease-reads.js';
import {
	type AcquireParts,
	acquireLease,
	type Lease,
	type LeaseRequest,
	type LeaseResult,
	noteFailure,
} from './acquire-lease.js';
import {LeaseLength} from './lease-length.js';
import {renewRegularly} from './renew-regularly.js';

export type LeasesParts = Omit<AcquireParts, 'length' | 'unreleased' | 'giveBackLost'> &
	Omit<LeaseReaderParts, 'length' | 'unreleased' | 'giveBackLost' | 'release'> & {
		/** If false, loaded values are stored without a lease. Only in tests. */
		readonly isEnabled: boolean;
		/** The number of loads in progress, and of reads that may lead to one. */
		readonly loads: () => number;
		/** See `Flights`. */
		readonly leased: InProgress;
	};

/** A key for which a lease may be requested. */
type LeaseKey = Pick<LeaseRequest, 'namespace' | 'redisKey' | 'tags' | 'life'>;

/** A key under which a loaded value is stored, and the function that stops the renewals of its lease. */
type FilledKey = Pick<LeaseRequest, 'namespace' | 'redisKey'> & {readonly endRenewal: () => void};

/** Length of the shortest lease in deadlines. Loads that take up to a fourth of it need no renewal. */
const leaseDeadlines = 2;
const minLeaseMs = 1000;
const maxUnreleased = 1000;
/** Number of deadlines for which a fill is sent again if Redis or this process is too busy. */
const fillDeadlines = 10;
/** Milliseconds until a fill is sent again after an error. */
const fillPauseMs = 50;
/** Milliseconds until a lane that was not connected is tried again. */
const lanePauseMs = 25;

/**
 * Leases in Redis. A lease is the right of one process to load a key, and it guards the fill: any change of the key in the
 * meantime removes the lease, and Redis then refuses the loaded value.
 */
export class Leases {
	readonly #parts: LeasesParts & AcquireParts;
	readonly #leaseReader: LeaseReader;

	constructor(parts: LeasesParts) {
		const length = new LeaseLength(Math.max(minLeaseMs, parts.deadlineMs * leaseDeadlines), parts.loads);
		const giveBackLost = (redisKey: string, number: number) => {
			parts.leased.begin();
			void this.#giveBackLost(redisKey, number).finally(() => parts.leased.end());
		};
		this.#parts = {...parts, length, unreleased: new Map(), giveBackLost};
		const release = (redisKey: string, token: number) => void this.release(redisKey, token);
		this.#leaseReader = new LeaseReader({...this.#parts, release});
	}

	/** Reads a key and requests its lease in one script. With `isStrict`, rejects if Redis cannot be asked. */
	readWithLease(request: LeaseReadRequest): Promise<ReadForLoad> {
		return this.#leaseReader.read(request);
	}

	/** True if the lease of a key may be requested with the read: a loaded value could be stored under it. */
	mayReadWithLease(namespace: Namespace, redisKey: string, tags: readonly string[], life: Lifetime): boolean {
		const {markerWriter} = this.#parts;
		return (
			markerWriter.isReadyToLoad(namespace, tags, life.ttlMs + life.graceMs) &&
			this.#leaseReader.mayReadWithLease(redisKey)
		);
	}

	/** Repeats the request until the lease is granted, another process has loaded the key, or Redis fails. */
	acquire(request: LeaseRequest): Promise<LeaseResult> {
		return acquireLease(this.#parts, request);
	}

	/**
	 * True if a lease should be requested although the read of the key has failed: Redis answers, and is only busy, and without
	 * a lease each process would load the key. If Redis has answered nothing since, the caller must not wait for a second
	 * deadline. In a cluster this concerns the node of the key, and that of the markers if they must be created first.
	 */
	isWorthwhileAfter(error: Error | undefined, {namespace, redisKey, tags, life}: LeaseKey): boolean {
		const {health, markerWriter, deadlineMs} = this.#parts;
		const isBusy = error instanceof OverloadError || (error instanceof DeadlineError && !error.isTransfer);
		if (!isBusy) return false;
		const isReady = markerWriter.isReadyToLoad(namespace, tags, life.ttlMs + life.graceMs);
		const asked = isReady ? [redisKey] : [redisKey, namespace.generationKey];
		return asked.every((each) => loopNow() - health.answersTo(each).at < deadlineMs);
	}

	/** Renews a lease until it is removed, or the returned function is called. */
	keepAlive(redisKey: string, {token, ...asked}: Lease): () => void {
		const {availability, scripts, length} = this.#parts;
		return renewRegularly(asked, length, async (leaseMs) => {
			if (!availability.isConnectedTo(redisKey)) return true;
			const outcome = await scripts.run(renewScript, redisKey, [leaseMs, token]);
			if (outcome.status === 'done') return outcome.reply > 0;
			noteFailure(this.#parts, 'lease', redisKey, outcome);
			return true;
		});
	}

	/**
	 * Stores a loaded value if the lease is still there.
	 *
	 * @param loaded The result of `entryArguments`, with the values that it was made from.
	 * @returns The version; 0 or less if the value is not known to be in Redis. A fill in doubt is harmless: it has no effect
	 * once its lease is gone.
	 */
	async fill(
		{namespace, redisKey, endRenewal}: FilledKey,
		{
			entry,
			tags,
			life,
		}: {readonly entry: readonly Argument[]; readonly tags: readonly string[]; readonly life: Lifetime},
		token: number,
	): Promise<number> {
		const {markerWriter, health, recorder} = this.#parts;
		try {
			// The loader may have chosen other tags, and may have taken long.
			const lifeMs = life.ttlMs + life.graceMs;
			if (!markerWriter.areReady(namespace, tags, lifeMs, localNow()))
				await markerWriter.ensure({namespace, tags, lifeMs, operation: 'fill'});
		} catch {
			return 0;
		}
		// Stops the renewals: one behind the fill on its lane would come too late.
		endRenewal();
		const outcome = await this.#runFill(redisKey, entry, token);
		if (outcome.status !== 'done') {
			if (outcome.error === undefined) recorder.counters.lateWrites++;
			else noteFailure(this.#parts, 'fill', redisKey, outcome);
			return 0;
		}
		health.success('writes', redisKey);
		if (outcome.reply === -1) recorder.counters.fillsRefused++;
		return outcome.reply;
	}

	/**
	 * Repeats the fill if it reached Redis too late, missed its deadline, lost its connection, or was rejected by a full queue:
	 * the callers have their value, but without a fill another process would load it again. If a fill in doubt was executed,
	 * the next one does nothing, since the lease is gone.
	 */
	async #runFill(redisKey: string, entry: readonly Argument[], token: number): Promise<ScriptOutcome> {
		const {scripts, availability, hub, isEnabled, deadlineMs} = this.#parts;
		const until = loopNow() + fillDeadlines * deadlineMs;
		for (;;) {
			const outcome = isEnabled
				? await scripts.run(fillScript, redisKey, [...entry, token])
				: await scripts.run(setScript, redisKey, entry);
			if (outcome.status === 'done' || !isEnabled || !availability.isInUse(redisKey) || loopNow() > until)
				return outcome;
			const {error} = outcome;
			if (error === undefined) continue;
			if (!(error instanceof OverloadError || isOutage(error))) return outcome;
			noteFailure(this.#parts, 'fill', redisKey, outcome);
			await hub.waitForChange(redisKey, fillPauseMs);
		}
	}

	/**
	 * Releases a lease whose load has stored nothing. Also when the cache closes: other processes would wait for a load that
	 * was aborted.
	 *
	 * @param token Negative: the number of a request whose answer was lost.
	 */
	async release(redisKey: string, token: number): Promise<void> {
		const {availability, scripts, leased} = this.#parts;
		if (!availability.isConnectedTo(redisKey)) {
			this.rememberUnreleased(redisKey, token);
			return;
		}
		const send = () => scripts.run(releaseScript, redisKey, [token], availability.isClosed ? 'always' : 'in-use');
		leased.begin();
		let outcome: ScriptOutcome;
		try {
			outcome = await send();
			// Rejected by the close of the cache before it was sent, or too late.
			if (outcome.status === 'refused' && outcome.error === undefined && availability.isClosed) outcome = await send();
		} finally {
			leased.end();
		}
		if (outcome.status === 'done' || availability.isClosed) return;
		this.rememberUnreleased(redisKey, token);
		noteFailure(this.#parts, 'release', redisKey, outcome);
	}

	/**
	 * Releases a lease that may have been granted to a request whose answer was lost, as soon as its lane is connected again.
	 * Until the release is confirmed, this process's next load of the key may take the lease over.
	 */
	async #giveBackLost(redisKey: string, number: number): Promise<void> {
		const {availability, scripts, hub, unreleased, deadlineMs} = this.#parts;
		this.rememberUnreleased(redisKey, -number);
		const until = loopNow() + deadlineMs;
		const isHeld = () => unreleased.get(redisKey) === -number;
		while (!availability.isClosed && loopNow() < until && isHeld()) {
			const outcome = await scripts.run(releaseScript, redisKey, [-number]);
			if (outcome.status === 'done') {
				// If there was no lease, the lost request may still be executed.
				if (outcome.reply > 0 && isHeld()) unreleased.delete(redisKey);
				return;
			}
			if (outcome.error !== undefined && !(outcome.error instanceof NotConnectedError)) return;
			await hub.waitForChange(redisKey, lanePauseMs);
		}
		if (availability.isClosed && isHeld()) await this.release(redisKey, -number);
	}

	/** Remembers a lease that may still be in Redis: this process's next load of the key may take it over. */
	rememberUnreleased(redisKey: string, token: number): void {
		const {unreleased} = this.#parts;
		if (token === 0) return;
		const [oldest] = unreleased.keys();
		// The leases of the oldest entries have expired.
		if (oldest !== undefined && unreleased.size >= maxUnreleased) unreleased.delete(oldest);
		unreleased.set(redisKey, token);
	}
}
