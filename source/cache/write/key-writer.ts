import type {Argument} from '../../pool/types.js';
import {maxCallDeadlines} from '../admission/queue-timeout.js';
import type {WriteResult} from '../api/call-types.js';
import {localNow} from '../clock/local-now.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health.js';
import type {RollbackDetector} from '../outage/rollback-detector.js';
import {setScript} from '../scripts/key-scripts.js';
import type {Script} from '../scripts/script.js';
import {ScriptCall, type ScriptFailed, type ScriptOutcome} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {toError} from '../support/to-error.js';
import type {InvalidationTimeWriter} from '../tags/time-writer.js';

export type KeyWriterParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly timeWriter: InvalidationTimeWriter;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly rollback: RollbackDetector;
	readonly recorder: Recorder;
	readonly deadlineMs: number;
};

/** A change of one key on behalf of a call. */
export type KeyWrite = {
	readonly operation: 'set' | 'delete' | 'expire' | 'touch';
	readonly namespace: Namespace;
	readonly redisKey: string;
	readonly script: Script;
	readonly args: readonly Argument[];
	/** Tags whose invalidation times have to exist before the write. */
	readonly tags: readonly string[];
	/** True if the call rejects when the write was refused: it has changed nothing then. */
	readonly isStrict: boolean;
};

/** Called once, when the outcome is known or the key is dirty. Must not throw. */
type OnOutcome = (outcome: ScriptOutcome) => void;

export const inRedis: WriteResult = {stored: 'redis'};
export const inMemory: WriteResult = {stored: 'memory'};
const noTimeKeys: readonly string[] = [];

/**
 * Sends changes of keys to Redis, in the order of their calls. A change is *pending* until its outcome is known; one that
 * may not have reached Redis leaves its key *dirty*.
 */
export class KeyWriter {
	readonly #parts: KeyWriterParts;
	/** Writes that wait for their invalidation times to be created: later writes of the same key wait for them. */
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
		const {availability, health, scripts, timeWriter} = this.#parts;
		const isSet = write.script === setScript;
		if (!availability.isConnected) call.onOutcome(notSent());
		else if (isSet && health.fullUntil > startedAt) call.onOutcome(notSent(health.fullError));
		else {
			const earlier = this.#preparing.size > 0 ? this.#preparing.get(write.redisKey) : undefined;
			const missing = isSet ? timeWriter.missing(write.namespace, write.tags) : noTimeKeys;
			if (earlier === undefined && missing.length === 0) scripts.start(call);
			else void this.#prepareAndSend(call, earlier, missing);
		}
	}

	async #prepareAndSend(
		call: ScriptCall,
		earlier: Promise<void> | undefined,
		missing: readonly string[],
	): Promise<void> {
		const {availability, scripts, timeWriter} = this.#parts;
		const {redisKey} = call;
		const prepared = Promise.all([earlier, ...missing.map((timeKey) => timeWriter.ensure(timeKey))]).then(() => {});
		const settled = prepared.catch(() => {});
		this.#preparing.set(redisKey, settled);
		let problem: Error | undefined;
		try {
			await prepared;
		} catch (error) {
			problem = toError(error);
		}
		if (this.#preparing.get(redisKey) === settled) this.#preparing.delete(redisKey);
		if (problem === undefined && availability.isConnected) scripts.start(call);
		else call.onOutcome(notSent(problem));
	}

	#finish(write: KeyWrite, startedAt: number, outcome: ScriptOutcome): void {
		const {health, pendingWrites, rollback, recorder} = this.#parts;
		const {redisKey, operation} = write;
		if (outcome.status === 'done') {
			health.success('writes');
			if (changesValue(write)) rollback.keyChanged(redisKey);
		} else this.#noteFailure(write, outcome);
		recorder.callsInProgress--;
		if (changesValue(write)) pendingWrites.end(redisKey);
		recorder.latency[operation === 'delete' ? 'delete' : 'set'].record(localNow() - startedAt);
	}

	/** Makes the key dirty, unless Redis certainly has no outdated value of it. */
	#noteFailure(write: KeyWrite, {status, error, finalAt, calls}: ScriptFailed): void {
		const {availability, health, dirtyKeys, recorder} = this.#parts;
		const {redisKey, operation, namespace, isStrict} = write;
		if (error !== undefined) health.failure({operation, error, isWrite: true, calls});
		else if (availability.isConnected) recorder.counters.lateWrites++;
		// A value whose TTL was not restarted is not outdated, and a strict call that was refused has changed nothing.
		if (operation === 'touch' || (isStrict && status === 'refused')) return;
		dirtyKeys.noteKey(redisKey, this.#finalAfterOthers(write, finalAt), namespace);
	}

	/**
	 * Earlier writes of the same key may still be on their way, or wait in the queue. The failed change has to be final after
	 * them, or what they store would pass for newer.
	 */
	#finalAfterOthers(write: KeyWrite, finalAt: number): number {
		const {availability, pendingWrites, scripts, deadlineMs} = this.#parts;
		const {redisKey} = write;
		if (pendingWrites.count(redisKey) <= (changesValue(write) ? 1 : 0)) return finalAt;
		const deadlines = availability.isConnected && scripts.isCrowded(redisKey) ? maxCallDeadlines : 2;
		return Math.max(finalAt, localNow() + deadlineMs * deadlines);
	}
}

/** False for `expire` and `touch`: they keep the value, and changes by other processes must be seen meanwhile. */
function changesValue({operation}: KeyWrite): boolean {
	return operation === 'set' || operation === 'delete';
}

function notSent(error?: Error): ScriptFailed {
	return {status: 'refused', error, finalAt: localNow(), calls: 1};
}
