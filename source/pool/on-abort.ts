type Waiting = {readonly callbacks: Set<{readonly call: () => void}>; readonly stop: () => void};

/** The callbacks of each signal. They share one listener, since Node.js warns of a leak when a signal has more than ten. */
const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls back once when a signal is aborted. The signal must not be aborted yet.
 *
 * @returns A function that removes the callback.
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
	const {callbacks, stop} = waitingFor.get(signal) ?? listen(signal);
	const callback = {call};
	callbacks.add(callback);
	return () => {
		callbacks.delete(callback);
		if (callbacks.size === 0) stop();
	};
}

function listen(signal: AbortSignal): Waiting {
	const callbacks: Waiting['callbacks'] = new Set();
	const stop = () => {
		if (waitingFor.get(signal) !== waiting) return;
		waitingFor.delete(signal);
		signal.removeEventListener('abort', callAll);
	};
	const callAll = () => {
		stop();
		for (const {call} of [...callbacks]) call();
	};
	const waiting: Waiting = {callbacks, stop};
	waitingFor.set(signal, waiting);
	signal.addEventListener('abort', callAll);
	return waiting;
}
