import {ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {ScriptOutcome} from '../scripts/script-call.js';

/** Milliseconds until a script is first run again; doubles. */
const firstPauseMs = 5;

/**
 * Runs a script of several keys again while a cluster moves their slot: as long as some are on one node and some on the other, or
 * are missing on both, it is refused by both. Only for scripts that do no harm late.
 *
 * @param pause Waits so many milliseconds, or less: a change, or the end of the cache, ends it.
 * @param run Rejects never. Not called later than `deadlineMs` after the first time.
 */
export async function whileSlotMoves(
	deadlineMs: number,
	pause: (ms: number) => Promise<void>,
	run: () => Promise<ScriptOutcome>,
): Promise<ScriptOutcome> {
	const endsAt = loopNow() + deadlineMs;
	for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, deadlineMs / 4)) {
		const outcome = await run();
		const isMoving =
			outcome.status === 'refused' && outcome.error instanceof ServerError && outcome.error.prefix === 'TRYAGAIN';
		if (!isMoving || loopNow() + pauseMs >= endsAt) return outcome;
		await pause(pauseMs);
	}
}
