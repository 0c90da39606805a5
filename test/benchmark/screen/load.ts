import type {Figure} from '../budget.js';
import {openRunningDashboard, pause, quit} from './dashboard.js';
import {mainThreadMs} from './processor-time.js';

const seconds = 15;

async function busyAt(hz: number): Promise<Figure> {
	const terminal = await openRunningDashboard('--fps', String(hz));
	await pause(3000);
	const before = mainThreadMs(terminal.pid);
	await pause(seconds * 1000);
	const after = mainThreadMs(terminal.pid);
	await quit(terminal);
	const value = before === undefined || after === undefined ? undefined : ((after - before) / (seconds * 1000)) * 100;
	return {what: `at ${hz} Hz`, value, unit: '% of a processor', note: `${seconds} s of Overview`};
}

/** What drawing costs, without the engine's thread. */
export async function measureLoad(): Promise<readonly Figure[]> {
	return [await busyAt(1), await busyAt(4)];
}
