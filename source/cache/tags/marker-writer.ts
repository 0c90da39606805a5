import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health/health.js';
import type {RollbackDetector} from '../outage/rollback/rollback-detector.js';
import type {ScriptOutcome} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {clearMarkers, ensureMarkers, invalidateMarkers, type TagLives} from './change-markers.js';
import type {InvalidationHub} from './invalidation-hub.js';
import type {KnownMarkers} from './known-markers.js';
import type {NamespaceLife} from './marker.js';
import {whileSlotMoves} from './while-slot-moves.js';

export type MarkerWriterParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markers: KnownMarkers;
	readonly changes: ChangeClock;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly rollback: RollbackDetector;
	readonly hub: InvalidationHub;
	readonly recorder: Recorder;
	readonly namespaceLife: NamespaceLife;
	readonly deadlineMs: number;
};

/** The markers that an entry needs. */
export type MarkerNeed = {
	readonly namespace: Namespace;
	readonly tags: readonly string[];
	/** Milliseconds for which the markers of the tags are needed. */
	readonly lifeMs: number;
	/** The operation that needs them, for the `error` event. */
	readonly operation: 'set' | 'expire' | 'lease' | 'fill';
};

/** `isSoft`: entries in Redis become stale instead of misses; in this process's memory they become misses in any case. */
export type InvalidationOptions = {readonly isStrict: boolean; readonly isSoft: boolean};

/** Markers of one namespace that calls of this turn of the event loop need. */
type Batch = {readonly tags: TagLives; calls: number; readonly done: Promise<void>};

/** Most tags in one script. */
const maxTags = 64;

/** Creates markers in Redis where they are missing, and changes them for `clear` and `invalidateTags`. */
export class MarkerWriter {
	readonly #parts: MarkerWriterParts;
	/**
	 * Batches that are not sent yet, by namespace. Calls cannot join a batch that was sent, since a marker may have changed
	 * after that.
	 */
	readonly #batches = new Map<string, Batch>();

	constructor(parts: MarkerWriterParts) {
		this.#parts = parts;
	}

	/**
	 * True if the markers of a namespace and of tags are known to be current, and to exist for as long as an entry needs them.
	 *
	 * @param lifeMs Milliseconds that the entry lives, with its grace.
	 */
	areReady(namespace: Namespace, tags: readonly string[], lifeMs: number, now: number): boolean {
		const {availability, markers} = this.#parts;
		if (availability.isLost?.(namespace.generationKey) === true) return this.#canStamp(namespace, tags.length > 0);
		if (!markers.isEnsured(namespace.generationKey, now)) return false;
		if (tags.length === 0) return true;
		return (
			markers.isEnsured(namespace.counterKey, 0) &&
			tags.every((tag) => markers.isTagEnsured(namespace, tag, now + lifeMs))
		);
	}

	/** True if a load can begin: its value can be stamped, whatever tags the loader chooses. */
	isReadyToLoad(namespace: Namespace, tags: readonly string[], lifeMs: number): boolean {
		const {availability, markers} = this.#parts;
		if (availability.isLost?.(namespace.generationKey) === true) return this.#canStamp(namespace, true);
		return this.areReady(namespace, tags, lifeMs, localNow()) && markers.isEnsured(namespace.counterKey, 0);
	}

	/**
	 * True if values can be stored although the node of the markers is out of use. A stamp of previously known markers is never
	 * too new: if they have changed or are missing when the node is back, the entries are misses.
	 */
	#canStamp({generationKey, counterKey}: Namespace, isWithTags: boolean): boolean {
		const {markers} = this.#parts;
		const isKnown = (markerKey: string) => markers.lastKnown(markerKey) !== undefined;
		return isKnown(generationKey) && (!isWithTags || isKnown(counterKey));
	}

	/**
	 * Resolves when the markers of a namespace and of tags exist. Rejects if Redis does not confirm that. All calls of this
	 * turn share one command.
	 */
	ensure(need: MarkerNeed): Promise<void> {
		const {namespace, tags, lifeMs} = need;
		let batch = this.#batches.get(namespace.name);
		if (batch === undefined || batch.tags.size + tags.length > maxTags) batch = this.#newBatch(need);
		batch.calls++;
		for (const tag of tags) batch.tags.set(tag, Math.max(lifeMs, batch.tags.get(tag) ?? 0));
		return batch.done;
	}

	/**
	 * Replaces the generation of a namespace: every value that was obtained before becomes a miss.
	 *
	 * @returns `redis` if Redis has confirmed it, else `memory`.
	 * @throws {RedisCacheError} only with `isStrict`, if Redis has not confirmed it.
	 */
	clear(namespace: Namespace, {isStrict, isSoft}: InvalidationOptions): Promise<'redis' | 'memory'> {
		return this.#change(namespace, [namespace.generationKey], isStrict, () =>
			clearMarkers(this.#parts, namespace, {use: 'in-use', isSoft}),
		);
	}

	/** Invalidates tags: every value that was obtained before with one of them becomes a miss. Otherwise like `clear`. */
	invalidate(
		namespace: Namespace,
		tags: readonly string[],
		{isStrict, isSoft}: InvalidationOptions,
	): Promise<'redis' | 'memory'> {
		return this.#change(
			namespace,
			tags.map((tag) => namespace.tagKey(tag)),
			isStrict,
			() =>
				this.#whileSlotMoves(namespace, () => invalidateMarkers(this.#parts, namespace, tags, {use: 'in-use', isSoft})),
		);
	}

	async #change(
		namespace: Namespace,
		markerKeys: readonly string[],
		isStrict: boolean,
		changeInRedis: () => Promise<ScriptOutcome>,
	): Promise<'redis' | 'memory'> {
		const {availability, health, markers, pendingWrites, dirtyKeys, rollback, recorder} = this.#parts;
		const {generationKey} = namespace;
		if (isStrict && !availability.isConnectedTo(generationKey)) {
			if (availability.isStarting) await availability.started;
			availability.assertConnectedTo(generationKey);
		}
		for (const markerKey of markerKeys) {
			pendingWrites.begin(markerKey);
			markers.changing(markerKey);
		}
		recorder.callsInProgress++;
		try {
			if (availability.isStarting) await availability.started;
			const startedAt = localNow();
			const outcome = availability.isConnectedTo(generationKey) ? await changeInRedis() : undefined;
			if (outcome?.status === 'done') {
				health.success('writes', generationKey);
				for (const markerKey of markerKeys) {
					rollback.markerChanged(markerKey);
					if (availability.hasLeftUse(markerKey, startedAt))
						dirtyKeys.noteInterruptedMarker(markerKey, startedAt, localNow());
				}
				return 'redis';
			}
			if (outcome?.error !== undefined)
				health.failure({
					operation: 'invalidate',
					error: outcome.error,
					isWrite: true,
					calls: outcome.calls,
					redisKey: generationKey,
				});
			const finalAt = outcome?.finalAt ?? localNow();
			for (const markerKey of markerKeys) {
				if (outcome?.status === 'in-doubt' && availability.hasLeftUse(markerKey, startedAt))
					dirtyKeys.noteInterruptedMarker(markerKey, startedAt, finalAt);
				else dirtyKeys.noteMarker(markerKey, finalAt);
			}
			if (isStrict) throw outcome?.error ?? new UnavailableError('Redis did not invalidate in time: try again');
			return 'memory';
		} finally {
			recorder.callsInProgress--;
			for (const markerKey of markerKeys) pendingWrites.end(markerKey);
		}
	}

	#whileSlotMoves({generationKey}: Namespace, run: () => Promise<ScriptOutcome>): Promise<ScriptOutcome> {
		const {hub, deadlineMs} = this.#parts;
		return whileSlotMoves(deadlineMs, (ms) => hub.waitForChange(generationKey, ms), run);
	}

	#newBatch({namespace, operation}: MarkerNeed): Batch {
		const tags: TagLives = new Map();
		const batch: Batch = {
			tags,
			calls: 0,
			// In a microtask, so that calls of the same turn share the batch.
			done: Promise.resolve().then(async () => {
				if (this.#batches.get(namespace.name) === batch) this.#batches.delete(namespace.name);
				const outcome = await this.#whileSlotMoves(namespace, () => ensureMarkers(this.#parts, namespace, tags));
				if (outcome.status === 'done') return;
				const error = outcome.error ?? new UnavailableError('Redis did not create a marker in time: try again');
				// Reported once for all calls of the batch.
				this.#parts.health.failure({
					operation,
					error,
					isWrite: true,
					calls: batch.calls,
					redisKey: namespace.generationKey,
				});
				throw error;
			}),
		};
		batch.done.catch(() => {});
		this.#batches.set(namespace.name, batch);
		return batch;
	}
}
