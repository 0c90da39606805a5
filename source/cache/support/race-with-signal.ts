/** Waits for work until a signal is aborted; then rejects with the signal's reason, while the work goes on for others. */
export async function raceWithSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	let stop: () => void = () => {};
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(signal.reason);
		signal.addEventListener('abort', stop);
		if (signal.aborted) stop();
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
