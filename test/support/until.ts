export type UntilOptions = {
	/** Time-out in milliseconds. Default 5000. */
	readonly timeoutMs?: number;
	/** Milliseconds between checks. Default 10. */
	readonly everyMs?: number;
};

/** Waits until `predicate` holds. Throws with `what` in the message when it does not within the time-out. */
export async function until(
	predicate: () => boolean | Promise<boolean>,
	what: string,
	options: UntilOptions = {},
): Promise<void> {
	const timeoutMs = options.timeoutMs ?? 5000;
	const deadline = performance.now() + timeoutMs;
	while (!(await predicate())) {
		if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 10));
	}
}
