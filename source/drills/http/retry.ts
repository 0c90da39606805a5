/** Milliseconds between two attempts. */
const everyMs = 250;

/** Milliseconds that an application has to connect to a proxy that has just opened its port. */
const connectMs = 5000;

/**
 * Repeats failing work for five seconds: an application that waits for its Redis needs time to notice that it is available.
 *
 * @throws The error of the last attempt.
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
