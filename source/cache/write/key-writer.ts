import type {Argument} from '../../pool/types.js';
import {maxCallDeadlines} from '../admission/queue-timeout.js';
import type {WriteResult} from '../api/call-types.js';
import {localNow} from '../clock/local-now.js';
import type {Lifetime, Stamp} from '../entry/entry.js';
import {entryArguments} from '../entry/entry-arguments.js';
import type {Encoded} from '../entry/value-coder.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {ClientTracking} from '../memory/client-tracking.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health.js';
import type {RollbackDetector} from '../outage/rollback/rollback-detector.js';
import type {Script} from '../scripts/script.js';
import {ScriptCall, type ScriptFailed, type ScriptOutcome} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {toError} from '../support/to-error.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';
import type {KnownMarkers} from '../tags/known-markers.js';
import type {MarkerWriter} from '../tags/marker-writer.js';

export type KeyWriterParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markers: KnownMarkers;
	readonly markerWriter: MarkerWriter;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly rollback: RollbackDetector;
	readonly recorder: Recorder;
	readonly tracking: Pick<ClientTracking, 'announcesOwnWrites'>;
	readonly hub: InvalidationHub;
	readonly deadlineMs: number;
};

/** A value to be stored. Its markers have to exist before. */
export type NewEntry = {
	readonly encoded: Encoded;
	readonly life: Lifetime;
	readonly tags: readonly string[];
	/** Which invalidations it is newer than; known once it has been sent. */
	stamp: Stamp;
};

/** A change of one key on behalf of a call. */
export type KeyWrite = {
	readonly operation: 'set' | 'delete' | 'expire' | 'touch';
	/** True for a `delete` that leaves a stale value. */
	readonly isSoft?: boolean;
	readonly namespace: Namespace;
	readonly redisKey: string;
	readonly script: Script;
	/** The arguments of the script, if it stores no entry. */
	readonly args: readonly Argument[];
	/** The entry that a `set` stores. */
	readonly entry?: NewEntry;
	/** True if the call rejects when the write was refused: it has changed nothing then. */
	readonly isStrict: boolean;
};

/** Called once, when the outcome is known or the key is dirty. Must not throw. */
type OnOutcome = (outcome: ScriptOutcome) => void;

export const inRedis: WriteResult = {stored: 'redis'};
export const inMemory: WriteResult = {stored: 'memory'};

/**
 * Sends changes of keys to Redis, in the order of their calls. A change is *pending* until its outcome is known; one that
 * may not have reached Redis leaves its key *dirty*.
 */
export class KeyWriter {
	readonly #parts: KeyWriterParts;
	/** Writes that wait for their markers to be created: later writes of the same key wait for them. */
	readonly #preparing = new Map<string, Promise<void>>();

	constructor(parts: KeyWriterParts) {
		this.#parts = parts;
	}

	write(write: KeyWrite, onOutcome: OnOutcome): void {
		const {availability, pendingWrites, recorder} = this.#parts;
		if (changesValue(write)) pendingWrites.begin(write.redisKey);
		recorder.callsInProgress++;
		const startedAt = localNow();
		const call = new ScriptCall(write.script, write.redisKey, write.args, (outcome) => {
			this.#finish(write, startedAt, outcome);
			onOutcome(outcome);
		});
		if (availability.isStarting) void availability.started.then(() => this.#send(write, call, startedAt));
		else this.#send(write, call, startedAt);
	}

	#send(write: KeyWrite, call: ScriptCall, startedAt: number): void {
		const {availability, health, markerWriter} = this.#parts;
		const {namespace, redisKey, entry} = write;
		if (!availability.isConnectedTo(redisKey)) call.onOutcome(notSent());
		else if (entry !== undefined && health.fullUntil > startedAt) call.onOutcome(notSent(health.fullError));
		else {
			const earlier = this.#preparing.size > 0 ? this.#preparing.get(redisKey) : undefined;
			const isReady = entry === undefined || markerWriter.areReady(namespace, entry.tags, lifeMsOf(entry), startedAt);
			if (earlier === undefined && isReady) this.#start(write, call);
			else void this.#prepareAndSend(write, call, earlier, isReady);
		}
	}

	async #prepareAndSend(
		write: KeyWrite,
		call: ScriptCall,
		earlier: Promise<void> | undefined,
		isReady: boolean,
	): Promise<void> {
		const {availability, markerWriter} = this.#parts;
		const {namespace, redisKey, entry} = write;
		const {leftUseAt} = availability;
		const ensured =
			isReady || entry === undefined
				? undefined
				: markerWriter.ensure({namespace, tags: entry.tags, lifeMs: lifeMsOf(entry), operation: 'set'});
		const prepared = Promise.all([earlier, ensured]).then(() => {});
		const settled = prepared.catch(() => {});
		this.#preparing.set(redisKey, settled);
		let problem: Error | undefined;
		try {
			await prepared;
		} catch (error) {
			problem = toError(error);
		}
		if (this.#preparing.get(redisKey) === settled) this.#preparing.delete(redisKey);
		// A later change of the key may have been made final in an outage meanwhile.
		const isInUse = availability.isConnectedTo(redisKey) && availability.leftUseAt === leftUseAt;
		if (problem === undefined && isInUse) this.#start(write, call);
		else call.onOutcome(notSent(problem));
	}

	/** A value is stamped when it is sent, with markers that Redis is known to have had. */
	#start({namespace, entry}: KeyWrite, call: ScriptCall): void {
		const {markers, scripts} = this.#parts;
		if (entry !== undefined) {
			entry.stamp = markers.stamp(namespace);
			call.args = entryArguments('value', entry.encoded, entry.life, entry.tags, entry.stamp);
		}
		scripts.start(call);
	}

	#finish(write: KeyWrite, startedAt: number, outcome: ScriptOutcome): void {
		const {health, pendingWrites, rollback, recorder, tracking, hub} = this.#parts;
		const {redisKey, operation} = write;
		// Before the outcome is reported: what memory has of the key is to be read again, as after an announcement.
		if (!tracking.announcesOwnWrites) hub.changed(redisKey);
		if (outcome.status === 'done') {
			health.success('writes', redisKey);
			if (changesValue(write) || write.isSoft === true) rollback.keyChanged(redisKey);
		} else this.#noteFailure(write, outcome);
		recorder.callsInProgress--;
		if (changesValue(write)) pendingWrites.end(redisKey);
		recorder.latency[operation === 'delete' ? 'delete' : 'set'].record(localNow() - startedAt);
	}

	/** Makes the key dirty, unless Redis certainly has no outdated value of it. */
	#noteFailure(write: KeyWrite, {status, error, finalAt, calls}: ScriptFailed): void {
		const {availability, health, dirtyKeys, recorder} = this.#parts;
		const {redisKey, operation, namespace, isStrict} = write;
		if (error !== undefined) health.failure({operation, error, isWrite: true, calls, redisKey});
		else if (availability.isConnectedTo(redisKey)) recorder.counters.lateWrites++;
		// A value whose TTL was not restarted is not outdated, and a strict call that was refused has changed nothing.
		if (operation === 'touch' || (isStrict && status === 'refused')) return;
		dirtyKeys.noteKey(redisKey, this.#finalAfterOthers(write, finalAt), namespace);
	}

	/**
	 * Earlier writes of the same key may still be on their way, or wait in the queue. The failed change has to be final after
	 * them, or what they store would pass for newer. While Redis is out of use, none was sent since, and none
	 * that was made before will be.
	 */
	#finalAfterOthers(write: KeyWrite, finalAt: number): number {
		const {availability, pendingWrites, scripts, deadlineMs} = this.#parts;
		const {redisKey} = write;
		if (pendingWrites.count(redisKey) <= (changesValue(write) ? 1 : 0)) return finalAt;
		if (!availability.isConnectedTo(redisKey)) return Math.max(finalAt, availability.leftUseAt + deadlineMs);
		const deadlines = scripts.isCrowded(redisKey) ? maxCallDeadlines : 2;
		return Math.max(finalAt, localNow() + deadlineMs * deadlines);
	}
}

/** False for what keeps the value, as `expire` does: changes by other processes must be seen meanwhile. */
function changesValue({operation, isSoft}: KeyWrite): boolean {
	return operation === 'set' || (operation === 'delete' && isSoft !== true);
}

function lifeMsOf({life}: NewEntry): number {
	return life.ttlMs + life.graceMs;
}

function notSent(error?: Error): ScriptFailed {
	return {status: 'refused', error, finalAt: localNow(), calls: 1};
}
