/** Timeouts of a test run, in milliseconds. */
type TimeLimits = {
	readonly testTimeout: number;
	readonly hookTimeout: number;
	readonly expect: {readonly poll: {readonly timeout: number}};
	readonly env: {readonly TEST_PATIENCE_MS: string};
};

/**
 * Timeouts that are long enough for a busy machine, so that exceeding them indicates a fault. The timeout of a test is longer
 * than that of a wait, so that a wait that times out can report its condition.
 *
 * @param patienceMs Timeout of one wait (`until.ts`).
 */
export function timeLimits(patienceMs: number): TimeLimits {
	return {
		testTimeout: 3 * patienceMs,
		hookTimeout: 3 * patienceMs,
		expect: {poll: {timeout: patienceMs}},
		env: {TEST_PATIENCE_MS: String(patienceMs)},
	};
}
