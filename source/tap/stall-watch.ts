import {setInterval} from '../time/real-time.js';

/** Milliseconds between two timer ticks, and the lateness of a tick that counts as a stall. */
const beatMs = 20;
const lateMs = 20;

/**
 * Reports periods in which this thread was blocked because the machine was busy or asleep, or other work occupied the thread.
 * Replies that arrived in such a period seem late; it is reported after them. Returns a function that stops it.
 */
export function watchStalls(onStall: (from: number, to: number) => void): () => void {
	let dueAt = performance.now() + beatMs;
	const timer = setInterval(() => {
		const now = performance.now();
		if (now - dueAt >= lateMs) onStall(dueAt, now);
		dueAt = now + beatMs;
	}, beatMs).unref();
	return () => clearInterval(timer);
}
