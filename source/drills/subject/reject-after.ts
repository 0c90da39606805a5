/**
 * Waits for a promise, for a limited time.
 *
 * @param late Makes the error for a promise that has not settled by then.
 */
export async function rejectAfter<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(late()), ms);
	});
	try {
		return await Promise.race([promise, limit]);
	} finally {
		clearTimeout(timer);
	}
}
