import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClock} from '../clock/server-clock.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health.js';
import type {RollbackDetector} from '../outage/rollback-detector.js';
import {timeScript} from '../scripts/key-scripts.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {type InvalidationTimes, timeLifeMs} from './invalidation-times.js';

export type InvalidationTimeWriterParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly times: InvalidationTimes;
	readonly changes: ChangeClock;
	readonly clock: ServerClock;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly rollback: RollbackDetector;
	readonly recorder: Recorder;
};

const none: readonly string[] = [];
const keepExisting = '1';
const moveExisting = '0';

/** Creates invalidation times in Redis, and moves them. */
export class InvalidationTimeWriter {
	readonly #parts: InvalidationTimeWriterParts;
	/** Times that are being created. */
	readonly #ensuring = new Map<string, Promise<void>>();

	constructor(parts: InvalidationTimeWriterParts) {
		this.#parts = parts;
	}

	/** The time keys of a namespace and of tags that are not known to exist. */
	missing(namespace: Namespace, tags: readonly string[]): readonly string[] {
		const {times} = this.#parts;
		const now = localNow();
		const {timeKey} = namespace;
		if (tags.length === 0) return times.needsEnsuring(timeKey, now) ? [timeKey] : none;
		return [timeKey, ...tags.map((tag) => namespace.tagTimeKey(tag))].filter((each) => times.needsEnsuring(each, now));
	}

	/** Resolves when the times of a namespace and of tags exist. Rejects if Redis does not confirm that. */
	async ensureAll(namespace: Namespace, tags: readonly string[]): Promise<void> {
		const missing = this.missing(namespace, tags);
		if (missing.length > 0) await Promise.all(missing.map((timeKey) => this.ensure(timeKey)));
	}

	/** Creates a time, or renews its life. One command for all who need it now. */
	ensure(timeKey: string): Promise<void> {
		const running = this.#ensuring.get(timeKey);
		if (running !== undefined) return running;
		const {scripts, times} = this.#parts;
		const epochOf = this.#epochUnlessChanged(timeKey);
		const work = scripts
			.run(timeScript, timeKey, [timeLifeMs, keepExisting])
			.then((outcome) => {
				if (outcome.status !== 'done')
					throw outcome.error ?? new UnavailableError('Redis did not create an invalidation time in time: try again');
				times.moved(timeKey, outcome.reply, localNow(), epochOf());
			})
			.finally(() => this.#ensuring.delete(timeKey));
		this.#ensuring.set(timeKey, work);
		return work;
	}

	/**
	 * Moves a time to now: everything that was obtained before becomes a miss.
	 *
	 * @returns `redis` or `memory`: where the time was moved.
	 * @throws {RedisCacheError} only with `isStrict`: it is not known to be in Redis.
	 */
	async move(timeKey: string, isStrict: boolean): Promise<'redis' | 'memory'> {
		const {availability, times, clock, pendingWrites, recorder} = this.#parts;
		if (isStrict && !availability.isConnected) {
			if (availability.isStarting) await availability.started;
			availability.assertConnected();
		}
		pendingWrites.begin(timeKey);
		recorder.callsInProgress++;
		const stamp = clock.nextStamp();
		times.moving(timeKey, stamp, localNow());
		try {
			if (availability.isStarting) await availability.started;
			return await this.#moveInRedis(timeKey, stamp, isStrict);
		} finally {
			recorder.callsInProgress--;
			pendingWrites.end(timeKey);
		}
	}

	async #moveInRedis(timeKey: string, stamp: number, isStrict: boolean): Promise<'redis' | 'memory'> {
		const {availability, health, scripts, times, dirtyKeys, rollback} = this.#parts;
		const epochOf = this.#epochUnlessChanged(timeKey);
		const outcome = availability.isConnected
			? await scripts.run(timeScript, timeKey, [timeLifeMs, moveExisting])
			: undefined;
		if (outcome?.status === 'done') {
			health.success('writes');
			rollback.timeMoved(timeKey);
			times.confirmed(timeKey, stamp, outcome.reply, localNow(), epochOf());
			return 'redis';
		}
		if (outcome?.error !== undefined)
			health.failure({operation: 'invalidate', error: outcome.error, isWrite: true, calls: outcome.calls});
		dirtyKeys.noteTime(timeKey, outcome?.finalAt ?? localNow());
		if (isStrict) throw outcome?.error ?? new UnavailableError('Redis did not invalidate in time: try again');
		return 'memory';
	}

	/** The epoch for what a reply says of a time: -1 if the time was changed since this was called. */
	#epochUnlessChanged(timeKey: string): () => number {
		const {changes, times} = this.#parts;
		const sequence = changes.now;
		const {epoch} = times;
		return () => (changes.changedSince(timeKey, sequence) ? -1 : epoch);
	}
}
