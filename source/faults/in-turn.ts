/** Runs `work` on each item, one after the other, and continues after errors. Finally rejects with the first error. */
export async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
	const errors: unknown[] = [];
	for (const item of items) {
		try {
			await work(item);
		} catch (error) {
			errors.push(error);
		}
	}
	if (errors.length > 0) throw errors[0];
}
