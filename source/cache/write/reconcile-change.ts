import {ServerError} from '../../pool/errors.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import type {DirtyChange} from '../journal/dirty-change.js';
import type {DirtyKeys} from '../journal/dirty-keys.js';
import type {Journal} from '../journal/journal.js';
import type {OvertakenWrites} from '../journal/overtaken-writes.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Availability} from '../outage/availability.js';
import {deleteScript, reconcileScript} from '../scripts/key-scripts.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import {
	type ChangeMarkersParts,
	clearMarkers,
	type InvalidationKind,
	invalidateMarkers,
} from '../tags/change-markers.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';

export type ReconcileParts = ChangeMarkersParts & {
	readonly journal: Journal;
	readonly scripts: ScriptRunner;
	readonly clocks: ServerClocks;
	readonly parser: KeyParser;
	readonly pendingWrites: PendingWrites;
	readonly overtakenWrites: OvertakenWrites;
	readonly dirtyKeys: Pick<DirtyKeys, 'noteKey' | 'noteInterruptedMarker'>;
	readonly availability: Pick<Availability, 'hasLeftUse'>;
	/** Milliseconds in which Redis has to answer. */
	readonly deadlineMs: number;
	readonly hub: InvalidationHub;
	/** Called when Redis has confirmed the reconciliation of an entry or a marker. */
	readonly onReconciled: (kind: 'key' | 'marker', name: string) => void;
};

/** A lost soft invalidation is repeated as an ordinary one, because its exact time is not known. */
const hard: InvalidationKind = {use: 'always', isSoft: false};

/**
 * Deletes the entry under a dirty key in Redis, unless it was obtained after the lost change. Idempotent. Never writes the
 * value again: another process may have deleted it meanwhile.
 *
 * @returns `kept` if another process has written the key since; an error if Redis has not confirmed it.
 */
export async function reconcileKey(
	parts: ReconcileParts,
	redisKey: string,
	change: DirtyChange,
): Promise<'deleted' | 'kept' | Error> {
	const {
		scripts,
		clocks,
		journal,
		availability,
		pendingWrites,
		overtakenWrites,
		dirtyKeys,
		hub,
		onReconciled,
		deadlineMs,
	} = parts;
	const startedAt = localNow();
	// The server's clock may be further ahead than was assumed when the change was recorded.
	const asOf = Math.max(change.asOf, clocks.latestEver(redisKey, change.finalAt));
	const outcome = await scripts.run(reconcileScript, redisKey, [asOf], 'always');
	if (outcome.status !== 'done') return outcome.error ?? tooLate(`reconciling ${JSON.stringify(redisKey)}`);
	onReconciled('key', redisKey);
	// An earlier change may still be executed after this.
	if (overtakenWrites.has(redisKey)) dirtyKeys.noteKey(redisKey, localNow() + deadlineMs);
	else if (availability.hasLeftUse(redisKey, startedAt)) dirtyKeys.noteKey(redisKey, localNow());
	// While a later write is pending, memory has the newest value and keeps it.
	else if (journal.remove('key', redisKey, change) && !pendingWrites.has(redisKey)) hub.reconciled(redisKey);
	return outcome.reply === 2 ? 'kept' : 'deleted';
}

/**
 * Repeats the invalidation of a namespace or a tag. Idempotent.
 *
 * @returns An error if Redis has not confirmed it.
 */
export async function reconcileMarker(
	parts: ReconcileParts,
	markerKey: string,
	change: DirtyChange,
): Promise<'invalidated' | Error> {
	const {scripts, journal, availability, dirtyKeys, hub, parser, onReconciled} = parts;
	const startedAt = localNow();
	const namespace = parser.namesOf(markerKey);
	let outcome =
		markerKey === namespace.generationKey
			? await clearMarkers(parts, namespace, hard)
			: await invalidateMarkers(parts, namespace, [markerKey.slice(namespace.counterKey.length)], hard);
	// Some servers refuse every writing script when their memory is full, even one that deletes first. They still accept DEL,
	// and without a generation every entry is a miss.
	const isFull = outcome.status !== 'done' && outcome.error instanceof ServerError && outcome.error.kind === 'full';
	if (isFull) outcome = await scripts.run(deleteScript, namespace.generationKey, [], 'always');
	if (outcome.status !== 'done') return outcome.error ?? tooLate(`invalidating ${JSON.stringify(markerKey)}`);
	onReconciled('marker', markerKey);
	if (availability.hasLeftUse(markerKey, startedAt)) dirtyKeys.noteInterruptedMarker(markerKey, startedAt, localNow());
	else if (journal.remove('marker', markerKey, change)) {
		hub.changed(markerKey);
		if (isFull) hub.changed(namespace.generationKey);
	}
	return 'invalidated';
}

function tooLate(what: string): ServerError {
	return new ServerError('unavailable', 'LATE', `${what} reached Redis after its deadline`);
}
