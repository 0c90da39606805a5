import type {Figure} from '../budget.js';
import {openRunningDashboard, pause, quit} from './dashboard.js';
import {mainThreadTime, timeBetween} from './processor-time.js';

const seconds = 15;

async function busyAt(hz: number): Promise<Figure> {
	const terminal = await openRunningDashboard('--fps', String(hz));
	await pause(3000);
	const before = mainThreadTime(terminal.pid);
	await pause(seconds * 1000);
	const after = mainThreadTime(terminal.pid);
	await quit(terminal);
	const time = timeBetween(before, after);
	const value = time && (time.ran / (seconds * 1000)) * 100;
	return {what: `at ${hz} Hz`, value, unit: '% of a processor', note: `${seconds} s of Overview`};
}

/** Measures the processor time of drawing, without the engine's thread. */
export async function measureLoad(): Promise<readonly Figure[]> {
	return [await busyAt(1), await busyAt(4)];
}
