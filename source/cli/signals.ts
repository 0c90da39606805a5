const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type StopSignal = (typeof signals)[number];

/** Calls `listener` for each signal that ends the program. Returns a function that removes it. */
export function onStopSignal(listener: (signal: StopSignal) => void): () => void {
	const handlers = signals.map((signal) => {
		const handler = () => listener(signal);
		process.on(signal, handler);
		return () => process.removeListener(signal, handler);
	});
	return () => {
		for (const remove of handlers) remove();
	};
}
