import {parseDuration} from '../../text/duration.js';
import type {Duration} from '../api/duration.js';
import {InvalidDurationError} from '../api/errors.js';

/** The longest duration: 30 days. The generation of a namespace lives longer, so that it does not expire before its entries. */
export const longestMs = 30 * 86_400_000;

/** The longest delay of setTimeout; with a longer one it fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/**
 * Milliseconds of a duration.
 *
 * @param duration Milliseconds, or a number with one of the units ms, s, m, h, d: `'5m'`, `'1.5s'`.
 * @param what Name of the argument or option, for the error.
 * @returns Whole milliseconds, rounded up, at most 30 days.
 * @throws {InvalidDurationError} negative, not a number, or of an unknown unit.
 */
export function milliseconds(duration: Duration | string, what: string): number {
	const parsed = typeof duration === 'string' ? parseDuration(duration, 'required') : duration;
	if (typeof parsed === 'number' && parsed >= 0) return Math.min(Math.ceil(parsed), longestMs);
	const shown = typeof duration === 'string' ? JSON.stringify(duration) : String(duration);
	throw new InvalidDurationError(
		`${what} ${shown} is not a duration: give milliseconds, or a number with a unit, such as 250, '30s' or '5m'`,
	);
}
