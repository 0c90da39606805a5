import {setInterval} from '../time/real-time.js';

/** Milliseconds between two beats, and those by which a late beat is a stall. */
const beatMs = 20;
const lateMs = 20;

/**
 * Tells of times at which this thread did nothing although it was due: the machine was busy or asleep, or something held
 * the thread up. Replies that came meanwhile seem late, so it is told after them. Returns a function that ends it.
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
