/** Milliseconds between two attempts. */
const everyMs = 250;

/** Milliseconds that an application gets to connect to a proxy that has just opened its port. */
const connectMs = 5000;

/**
 * Repeats what fails, for five seconds: an application that waits for its Redis has to notice first that it is there.
 *
 * @throws What the last attempt has thrown.
 */
export async function retryWhileConnecting<T>(work: () => Promise<T>): Promise<T> {
	const end = performance.now() + connectMs;
	for (;;) {
		try {
			return await work();
		} catch (error) {
			if (performance.now() > end) throw error;
			await new Promise((resolve) => setTimeout(resolve, everyMs));
		}
	}
}
