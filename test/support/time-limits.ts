/** The limits on time of a run of tests, in milliseconds. */
type TimeLimits = {
	readonly testTimeout: number;
	readonly hookTimeout: number;
	readonly expect: {readonly poll: {readonly timeout: number}};
	readonly env: {readonly TEST_PATIENCE_MS: string};
};

/**
 * Limits for a machine that is busy with other things: one that it does not keep says nothing of the product. A test has more time
 * than one wait, so that a wait in vain says what it was for.
 *
 * @param patienceMs For how long a test waits for one thing (`until.ts`).
 */
export function timeLimits(patienceMs: number): TimeLimits {
	return {
		testTimeout: 3 * patienceMs,
		hookTimeout: 3 * patienceMs,
		expect: {poll: {timeout: patienceMs}},
		env: {TEST_PATIENCE_MS: String(patienceMs)},
	};
}
