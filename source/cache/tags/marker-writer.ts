import {UnavailableError} from '../api/errors.js';
import type {ChangeClock} from '../clock/change-clock.js';
import {localNow} from '../clock/local-now.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {Namespace} from '../keys/namespace.js';
import type {Recorder} from '../observe/recorder.js';
import type {Availability} from '../outage/availability.js';
import type {Health} from '../outage/health.js';
import type {RollbackDetector} from '../outage/rollback-detector.js';
import type {ScriptOutcome} from '../scripts/script-call.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {clearMarkers, ensureMarkers, invalidateMarkers, type TagLives} from './change-markers.js';
import type {KnownMarkers} from './known-markers.js';

export type MarkerWriterParts = {
	readonly availability: Availability;
	readonly health: Health;
	readonly scripts: ScriptRunner;
	readonly markers: KnownMarkers;
	readonly changes: ChangeClock;
	readonly pendingWrites: PendingWrites;
	readonly dirtyKeys: DirtyKeys;
	readonly rollback: RollbackDetector;
	readonly recorder: Recorder;
};

/** Markers of one namespace that calls of this turn need. */
type Need = {readonly tags: Map<string, number>; readonly done: Promise<void>};

/** Tags in one script. */
const maxTags = 64;

/** Creates markers in Redis where they are missing, and changes them for `clear` and `invalidateTags`. */
export class MarkerWriter {
	readonly #parts: MarkerWriterParts;
	/** Needs that are not sent yet, by namespace. Later calls do not join one that was sent: a marker may have changed since. */
	readonly #needs = new Map<string, Need>();

	constructor(parts: MarkerWriterParts) {
		this.#parts = parts;
	}

	/**
	 * True if the markers of a namespace and of tags are known to exist for as long as an entry needs them, and to be what
	 * Redis has.
	 *
	 * @param lifeMs Milliseconds that the entry lives, with its grace.
	 */
	areReady(namespace: Namespace, tags: readonly string[], lifeMs: number, now: number): boolean {
		const {markers} = this.#parts;
		if (!markers.isEnsured(namespace.generationKey, now)) return false;
		if (tags.length === 0) return true;
		return (
			markers.isEnsured(namespace.counterKey, 0) &&
			tags.every((tag) => markers.isEnsured(namespace.tagKey(tag), now + lifeMs))
		);
	}

	/** True if a load may begin: its value can be stamped, whatever tags its loader chooses. */
	isReadyToLoad(namespace: Namespace, tags: readonly string[], lifeMs: number): boolean {
		const {markers} = this.#parts;
		return this.areReady(namespace, tags, lifeMs, localNow()) && markers.current(namespace.counterKey) !== undefined;
	}

	/**
	 * Resolves when the markers of a namespace and of tags exist. Rejects if Redis does not confirm that. One command for all
	 * that need it in this turn.
	 *
	 * @param lifeMs Milliseconds for which the tags are needed.
	 */
	ensure(namespace: Namespace, tags: readonly string[], lifeMs: number): Promise<void> {
		let need = this.#needs.get(namespace.name);
		if (need === undefined || need.tags.size + tags.length > maxTags) need = this.#newNeed(namespace);
		for (const tag of tags) need.tags.set(tag, Math.max(lifeMs, need.tags.get(tag) ?? 0));
		return need.done;
	}

	/**
	 * Moves a namespace to another generation: everything that was obtained before becomes a miss.
	 *
	 * @returns `redis` or `memory`: where that was done.
	 * @throws {RedisCacheError} only with `isStrict`: it is not known to be in Redis.
	 */
	clear(namespace: Namespace, isStrict: boolean): Promise<'redis' | 'memory'> {
		return this.#change([namespace.generationKey], isStrict, () => clearMarkers(this.#parts, namespace, 'in-use'));
	}

	/** Invalidates tags: everything that was obtained before with one of them becomes a miss. As `clear`. */
	invalidate(namespace: Namespace, tags: readonly string[], isStrict: boolean): Promise<'redis' | 'memory'> {
		return this.#change(
			tags.map((tag) => namespace.tagKey(tag)),
			isStrict,
			() => invalidateMarkers(this.#parts, namespace, tags, 'in-use'),
		);
	}

	async #change(
		markerKeys: readonly string[],
		isStrict: boolean,
		changeInRedis: () => Promise<ScriptOutcome>,
	): Promise<'redis' | 'memory'> {
		const {availability, health, markers, pendingWrites, dirtyKeys, rollback, recorder} = this.#parts;
		if (isStrict && !availability.isConnected) {
			if (availability.isStarting) await availability.started;
			availability.assertConnected();
		}
		for (const markerKey of markerKeys) {
			pendingWrites.begin(markerKey);
			markers.changing(markerKey);
		}
		recorder.callsInProgress++;
		try {
			if (availability.isStarting) await availability.started;
			const outcome = availability.isConnected ? await changeInRedis() : undefined;
			if (outcome?.status === 'done') {
				health.success();
				for (const markerKey of markerKeys) rollback.markerChanged(markerKey);
				return 'redis';
			}
			if (outcome?.error !== undefined)
				health.failure({operation: 'invalidate', error: outcome.error, isWrite: true, calls: outcome.calls});
			for (const markerKey of markerKeys) dirtyKeys.noteMarker(markerKey, outcome?.finalAt ?? localNow());
			if (isStrict) throw outcome?.error ?? new UnavailableError('Redis did not invalidate in time: try again');
			return 'memory';
		} finally {
			recorder.callsInProgress--;
			for (const markerKey of markerKeys) pendingWrites.end(markerKey);
		}
	}

	#newNeed(namespace: Namespace): Need {
		const tags: TagLives = new Map();
		const need: Need = {
			tags,
			// In a microtask, so that calls which are made together share it.
			done: Promise.resolve().then(async () => {
				if (this.#needs.get(namespace.name) === need) this.#needs.delete(namespace.name);
				const outcome = await ensureMarkers(this.#parts, namespace, tags);
				if (outcome.status !== 'done')
					throw outcome.error ?? new UnavailableError('Redis did not create a marker in time: try again');
			}),
		};
		need.done.catch(() => {});
		this.#needs.set(namespace.name, need);
		return need;
	}
}
