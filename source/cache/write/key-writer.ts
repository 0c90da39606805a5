import {maxCallDeadlines} from '../admission/queue-timeout.js';
import type {WriteResult} from '../api/call-types.js';
import {localNow, monotonic} from '../clock/local-now.js';
import {entryArguments} from '../entry/entry-arguments.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {OvertakenWrites} from '../journal/overtaken-writes.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health/health.js';
import type {RollbackDetector} from '../outage/rollback/rollback-detector.js';
import {notSent, type ScriptFailed, type ScriptOutcome} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {toError} from '../support/to-error.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import type {MarkerWriter} from '../tags/marker-writer.js';
import type {KeyWrite, NewEntry, WriteObserver} from './key-write.js';

export type KeyWriterParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markers: KnownMarkers;
	readonly markerWriter: MarkerWriter;
	readonly pendingWrites: PendingWrites;
	readonly overtakenWrites: OvertakenWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly rollback: RollbackDetector;
	readonly recorder: Recorder;
	readonly tracking: Pick<ClientTracking, 'trustsOwnWrites'>;
	readonly hub: InvalidationHub;
	readonly deadlineMs: number;
};

export const inRedis: WriteResult = {stored: 'redis'};
export const inMemory: WriteResult = {stored: 'memory'};

/**
 * Sends changes of keys to Redis, in the order of their calls. A change is *pending* until its outcome is known; one that
 * may not have reached Redis leaves its key *dirty*.
 */
export class KeyWriter implements WriteObserver {
	readonly #parts: KeyWriterParts;
	/** Writes that wait for their markers to be created: later writes of the same key wait for them. */
	readonly #preparing = new Map<string, Promise<void>>();

	constructor(parts: KeyWriterParts) {
		this.#parts = parts;
	}

	/** @param now Local time. */
	write(write: KeyWrite, now: number): void {
		const {availability, pendingWrites, recorder} = this.#parts;
		if (write.changesValue) pendingWrites.begin(write.redisKey, write.hash);
		recorder.callsInProgress++;
		write.startedAt = now;
		write.observer = this;
		if (availability.isStarting) void availability.started.then(() => this.#send(write));
		else this.#send(write);
	}

	#send(write: KeyWrite): void {
		const {availability, health, markerWriter} = this.#parts;
		const {namespace, redisKey, entry, startedAt} = write;
		const fullError = entry === undefined ? undefined : health.fullError(redisKey, startedAt);
		if (!availability.isConnectedTo(redisKey)) write.onOutcome(notSent());
		else if (fullError !== undefined) write.onOutcome(notSent(fullError));
		else {
			const earlier = this.#preparing.size > 0 ? this.#preparing.get(redisKey) : undefined;
			const isReady = entry === undefined || markerWriter.areReady(namespace, entry.tags, lifeMsOf(entry), startedAt);
			if (earlier === undefined && isReady) this.#start(write);
			else void this.#prepareAndSend(write, earlier, isReady);
		}
	}

	async #prepareAndSend(write: KeyWrite, earlier: Promise<void> | undefined, isReady: boolean): Promise<void> {
		const {availability, markerWriter} = this.#parts;
		const {namespace, redisKey, entry} = write;
		const {leftUseAt} = availability;
		const ensured =
			isReady || entry === undefined
				? undefined
				: markerWriter.ensure({namespace, tags: entry.tags, lifeMs: lifeMsOf(entry), operation: 'set'});
		// Waits for earlier writes even if its markers are refused at once, since later writes wait only for this one, and must
		// not overtake them.
		const prepared = Promise.all([earlier, ensured?.then(() => undefined, toError)]);
		const settled = prepared.then(() => {});
		this.#preparing.set(redisKey, settled);
		const [, problem] = await prepared;
		if (this.#preparing.get(redisKey) === settled) this.#preparing.delete(redisKey);
		// False after an outage in between: a later change of the key may have become final in it.
		const isInUse = availability.isConnectedTo(redisKey) && availability.leftUseAt === leftUseAt;
		if (problem === undefined && isInUse) this.#start(write);
		else write.onOutcome(notSent(problem));
	}

	/** The value is stamped when it is sent, with markers that Redis certainly had before. */
	#start(write: KeyWrite): void {
		const {markers, scripts} = this.#parts;
		const {entry} = write;
		if (entry !== undefined) {
			entry.stamp = markers.stamp(write.namespace);
			write.args = entryArguments('value', entry.encoded, entry.life, entry.tags, entry.stamp);
		}
		scripts.start(write);
	}

	/** @internal Called before the call settles. */
	onWritten(write: KeyWrite, outcome: ScriptOutcome): void {
		const {pendingWrites, overtakenWrites, recorder, tracking, hub} = this.#parts;
		const {redisKey, operation, changesValue} = write;
		let now: number;
		let isOvertaking = false;
		// Before the outcome is reported, the entry in memory becomes unverified, as after an invalidation message.
		if (!tracking.trustsOwnWrites) hub.changed(redisKey, write.hash);
		if (outcome.status === 'done') {
			now = outcome.at;
			this.#noteDone(write, now);
		} else {
			isOvertaking = this.#noteFailure(write, outcome) && write.sentAs === 0;
			now = localNow();
		}
		recorder.callsInProgress--;
		if (changesValue) {
			pendingWrites.end(redisKey, write.hash);
			if (overtakenWrites.has(redisKey)) overtakenWrites.ended(redisKey, write.startedAt, !pendingWrites.has(redisKey));
		}
		if (isOvertaking && pendingWrites.has(redisKey))
			overtakenWrites.overtake(redisKey, write.startedAt, now, pendingWrites.count(redisKey));
		recorder.latency[operation === 'delete' ? 'delete' : 'set'].record(now - write.startedAt, monotonic(now));
	}

	/** Redis has executed it. @param at Local time. */
	#noteDone(write: KeyWrite, at: number): void {
		const {availability, health, overtakenWrites, dirtyKeys, rollback} = this.#parts;
		const {namespace, redisKey, hash, startedAt, isRemembered} = write;
		health.success('writes', redisKey, monotonic(at));
		if (isRemembered) rollback.keyChanged(redisKey, hash);
		const isOfFormer = isRemembered && availability.hasLeftUse(redisKey, startedAt);
		// A later change of the key has failed, so Redis now has the value of this older one.
		if (isOfFormer || overtakenWrites.includes(redisKey, startedAt)) dirtyKeys.noteKey(redisKey, at, namespace);
	}

	/** Makes the key dirty, unless Redis certainly has no outdated value of it. @returns True if the key is dirty. */
	#noteFailure(write: KeyWrite, {status, error, finalAt, calls}: ScriptFailed): boolean {
		const {availability, health, dirtyKeys, recorder} = this.#parts;
		const {redisKey, operation, namespace, isStrict} = write;
		if (error !== undefined) health.failure({operation, error, isWrite: true, calls, redisKey});
		else if (availability.isConnectedTo(redisKey)) recorder.counters.lateWrites++;
		// A failed `touch` leaves no outdated value, and a refused strict call has changed nothing.
		if (operation === 'touch' || (isStrict && status === 'refused')) return false;
		dirtyKeys.noteKey(redisKey, this.#finalAfterOthers(write, finalAt), namespace);
		return true;
	}

	/**
	 * Earlier writes of the same key may still be in flight or in the queue. The failed change must be final after them, or the
	 * values that they store would seem newer. This does not apply while Redis is out of use: nothing was sent since, and
	 * earlier writes will not be sent.
	 */
	#finalAfterOthers(write: KeyWrite, finalAt: number): number {
		const {availability, scripts, deadlineMs} = this.#parts;
		const {redisKey} = write;
		if (!this.#hasOthersPending(write)) return finalAt;
		if (!availability.isConnectedTo(redisKey)) return Math.max(finalAt, availability.leftUseAt + deadlineMs);
		const deadlines = scripts.isCrowded(redisKey) ? maxCallDeadlines : 2;
		return Math.max(finalAt, localNow() + deadlineMs * deadlines);
	}

	#hasOthersPending({redisKey, changesValue}: KeyWrite): boolean {
		return this.#parts.pendingWrites.count(redisKey) > (changesValue ? 1 : 0);
	}
}

function lifeMsOf({life}: NewEntry): number {
	return life.ttlMs + life.graceMs;
}
