import {ServerError} from '../../pool/errors.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClock} from '../clock/server-clock.js';
import type {DirtyChange} from '../journal/dirty-change.js';
import type {Journal} from '../journal/journal.js';
import type {PendingWrites} from '../journal/pending-writes.js';
import {deleteScript, reconcileScript, timeScript} from '../scripts/key-scripts.js';
import type {ScriptRunner} from '../scripts/script-runner.js';
import type {InvalidationHub} from '../tags/invalidation-hub.js';
import {type InvalidationTimes, timeLifeMs} from '../tags/invalidation-times.js';

export type ReconcileParts = {
	readonly journal: Journal;
	readonly scripts: ScriptRunner;
	readonly clock: ServerClock;
	readonly pendingWrites: PendingWrites;
	readonly hub: InvalidationHub;
	readonly times: InvalidationTimes;
};

/**
 * Deletes what Redis has under a dirty key, unless it was obtained after the lost change. Safe to do twice. Never writes the
 * value again: another process may have deleted it meanwhile.
 *
 * @returns `kept` if another process has written the key since; an error if it was not done.
 */
export async function reconcileKey(
	parts: ReconcileParts,
	redisKey: string,
	change: DirtyChange,
): Promise<'deleted' | 'kept' | Error> {
	const {scripts, clock, journal, pendingWrites, hub} = parts;
	// The server's clock may have turned out to be ahead of what was assumed when the change was noted.
	const asOf = Math.max(change.asOf, clock.notBefore(change.finalAt));
	const outcome = await scripts.run(reconcileScript, redisKey, [asOf], 'always');
	if (outcome.status !== 'done') return outcome.error ?? tooLate(`reconciling ${JSON.stringify(redisKey)}`);
	// With a later write pending, memory has the newest value and keeps it.
	if (journal.remove('key', redisKey, change) && !pendingWrites.has(redisKey)) hub.reconciled(redisKey);
	return outcome.reply === 2 ? 'kept' : 'deleted';
}

/**
 * Moves a dirty invalidation time to now. Safe to do twice.
 *
 * @returns An error if it was not done.
 */
export async function reconcileTime(
	parts: ReconcileParts,
	timeKey: string,
	change: DirtyChange,
): Promise<'moved' | Error> {
	const {scripts, journal, times, hub} = parts;
	let outcome = await scripts.run(timeScript, timeKey, [timeLifeMs, '0'], 'always');
	const isFull = outcome.status !== 'done' && outcome.error instanceof ServerError && outcome.error.kind === 'full';
	// A full Redis still deletes, and a missing invalidation time hides every entry, as a new one does.
	if (isFull) outcome = await scripts.run(deleteScript, timeKey, [], 'always');
	if (outcome.status !== 'done')
		return outcome.error ?? tooLate(`moving the invalidation time ${JSON.stringify(timeKey)}`);
	if (journal.remove('time', timeKey, change)) {
		if (isFull) times.learn(timeKey, 0, -1);
		else times.moved(timeKey, outcome.reply, localNow(), -1);
		hub.changed(timeKey);
	}
	return 'moved';
}

function tooLate(what: string): ServerError {
	return new ServerError('unavailable', 'LATE', `${what} reached Redis after its deadline`);
}
