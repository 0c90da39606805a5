import {ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {ScriptOutcome} from '../scripts/script-call.js';

/** Milliseconds until the first repetition; doubles each time. */
const firstPauseMs = 5;

/**
 * Repeats a script with several keys while a cluster migrates their slot: as long as some keys are on one node and some on the
 * other, or are missing on both, both nodes refuse it. Only for scripts that are harmless when executed late.
 *
 * @param pause Waits this many milliseconds, or until a change or the close of the cache.
 * @param run Must not reject. Not called later than `deadlineMs` after the first call.
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
