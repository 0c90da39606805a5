import {workerData} from 'node:worker_threads';
import {LatenessCounts} from './lateness.js';

const everyMs = 5;

/** A thread that never works is let in sooner than one that does, and would call a busy machine quiet. */
const workMs = 0.25;

const counts = new LatenessCounts(workerData as SharedArrayBuffer);

function watch(): void {
	const dueAt = performance.now() + everyMs;
	setTimeout(() => {
		const now = performance.now();
		counts.recordFrom(now - dueAt, everyMs);
		while (performance.now() - now < workMs);
		watch();
	}, everyMs);
}

watch();
