const never = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the event loop of this thread for `ms` milliseconds, without using the processor. */
export function blockLoop(ms: number): void {
	Atomics.wait(never, 0, 0, ms);
}
