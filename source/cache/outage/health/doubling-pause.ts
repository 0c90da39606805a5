/**
 * A pause that doubles with each failure.
 *
 * @param ms Milliseconds without a failure.
 * @param failures Failures in a row.
 * @param maxMs Longest pause in milliseconds, unless `ms` is longer already.
 */
export function doublingPause(ms: number, failures: number, maxMs: number): number {
	return Math.max(ms, Math.min(ms * 2 ** Math.min(failures, 16), maxMs));
}
