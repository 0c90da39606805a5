import type {Figure} from '../budget.js';
import {openRunningDashboard, pause, quit} from './dashboard.js';

const seconds = 15;
const hz = 4;

/** Measures the bytes that the program writes while charts move, and while they are paused. */
export async function measureBytes(): Promise<readonly Figure[]> {
	const terminal = await openRunningDashboard('--fps', String(hz));
	await pause(3000);
	const before = terminal.bytes;
	await pause(seconds * 1000);
	const drawn = terminal.bytes - before;
	await terminal.press('p');
	await terminal.waitFor(/paused/i);
	await pause(1000);
	const paused = terminal.bytes;
	await pause(5000);
	const whilePaused = terminal.bytes - paused;
	await quit(terminal);
	return [
		{
			what: 'for each frame, mean',
			value: drawn / (seconds * hz),
			unit: 'B',
			budget: 4096,
			note: `${seconds} s at ${hz} Hz`,
		},
		{what: 'while paused, in 5 s', value: whilePaused, unit: 'B', budget: 0},
	];
}
