/** Default timeout of a wait in milliseconds, the same for all tests of a run (`time-limits.ts`). */
export const patienceMs = Number(process.env.TEST_PATIENCE_MS ?? 30_000);

export type UntilOptions = {
	/** Timeout in milliseconds. Default `patienceMs`. */
	readonly timeoutMs?: number;
	/** Milliseconds between checks. Default 10. */
	readonly everyMs?: number;
};

/** Waits until `predicate` is true. After the timeout, throws an error with `what` in its message. */
export async function until(
	predicate: () => boolean | Promise<boolean>,
	what: string,
	options: UntilOptions = {},
): Promise<void> {
	const timeoutMs = options.timeoutMs ?? patienceMs;
	const deadline = performance.now() + timeoutMs;
	while (!(await predicate())) {
		if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 10));
	}
}
