import {workerData} from 'node:worker_threads';
import {LatenessHistogram} from './lateness.js';

const everyMs = 5;

/** Milliseconds of work at each firing: the system wakes an idle thread sooner than one that does work. */
const workMs = 0.25;

const histogram = new LatenessHistogram(workerData as SharedArrayBuffer);

function measure(): void {
	const dueAt = performance.now() + everyMs;
	setTimeout(() => {
		const now = performance.now();
		histogram.recordFrom(now - dueAt, everyMs);
		while (performance.now() - now < workMs);
		measure();
	}, everyMs);
}

measure();
