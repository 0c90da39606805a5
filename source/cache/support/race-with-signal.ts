import {onAbort} from '../../pool/on-abort.js';

/** Waits for work until a signal is aborted; then rejects with the signal's reason. The work itself continues. */
export async function raceWithSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	let removeCallback: () => void = () => {};
	const aborted = new Promise<never>((_resolve, reject) => {
		if (signal.aborted) reject(signal.reason);
		else removeCallback = onAbort(signal, () => reject(signal.reason));
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		removeCallback();
	}
}
