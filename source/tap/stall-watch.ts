import {setInterval} from '../time/real-time.js';

/** Milliseconds between two beats, and those by which a late beat is a stall. */
const beatMs = 20;
const lateMs = 20;

/**
 * Reports times in which this thread was blocked: the machine was busy or asleep, or other work occupied the thread.
 * Replies that arrived in that time seem late, so the report follows them. Returns a function that ends it.
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
