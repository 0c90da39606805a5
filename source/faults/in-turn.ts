/** Does something to each, one after the other, to all of them also when some fail; rejects with the first error then. */
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
