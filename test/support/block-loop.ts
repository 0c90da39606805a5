const never = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the event loop of this thread for a time, in milliseconds, and leaves the processor to others. */
export function blockLoop(ms: number): void {
	Atomics.wait(never, 0, 0, ms);
}
