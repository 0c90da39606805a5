export type UntilOptions = {
	/** Milliseconds after which it fails. Default 5000. */
	readonly timeoutMs?: number;
	/** Milliseconds between looks. Default 10. */
	readonly everyMs?: number;
};

/** Waits until `predicate` holds, however long that takes up to the deadline; fails with `what` in its message. */
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
